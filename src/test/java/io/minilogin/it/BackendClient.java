package io.minilogin.it;

import static io.minilogin.it.GatewayClient.basic;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A backend that calls WeChat's API through the service. Requests and replies are bytes. */
record BackendClient(URI traffic) {
  static final String ID = "orders";
  static final String SECRET = "5ecre7-of-the+orders%21";

  /** A client that acts for {@link Surroundings#APP} only and has few permissions. */
  static final String NARROW_ID = "narrow";

  /**
   * A client whose secret differs at the second of the {@link SharedService.Instances}, which knows
   * both secrets.
   */
  static final String RENEWED_ID = "renewed";

  /** A client whose secret differs at the second instance, which does not know the first secret. */
  static final String REPLACED_ID = "replaced";

  private static final String MAY = "introspect,/wxa/*,/cgi-bin/*,/sns/*,/tcb/*,/echo/*";

  static final String NEW_SECRET = "another-secret-of-the-orders";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Configures all clients of this class and those of {@link GatewayClient}. */
  static ServiceProcess.Builder knownTo(ServiceProcess.Builder service) {
    GatewayClient.knownTo(service)
        .with("CLIENTS_2__ID", GatewayClient.ONE_APP_ID)
        .with("CLIENTS_2__SECRET", GatewayClient.SECRET)
        .with("CLIENTS_2__APPS", Surroundings.APP.appid());
    return service
        .with("CLIENTS_3__ID", ID)
        .with("CLIENTS_3__SECRET", SECRET)
        .with("CLIENTS_3__MAY", MAY)
        .with("CLIENTS_4__ID", NARROW_ID)
        .with("CLIENTS_4__SECRET", SECRET)
        .with("CLIENTS_4__MAY", "/wxa/msg_sec_check,/cgi-bin/message/*")
        .with("CLIENTS_4__APPS", Surroundings.APP.appid())
        .with("CLIENTS_5__ID", RENEWED_ID)
        .with("CLIENTS_5__SECRET", SECRET)
        .with("CLIENTS_5__MAY", MAY)
        .with("CLIENTS_6__ID", REPLACED_ID)
        .with("CLIENTS_6__SECRET", SECRET)
        .with("CLIENTS_6__MAY", MAY)
        .with("CLIENTS_7__ID", GatewayClient.SIGNING_ID)
        .with("CLIENTS_7__SECRET", GatewayClient.SECRET)
        .with("CLIENTS_7__MAY", "introspect,revoke,users,sign,/*");
  }

  static BackendClient of(ServiceProcess service) {
    return new BackendClient(service.traffic());
  }

  /** Returns a request with the credentials of the client. */
  HttpRequest.Builder to(String pathAndQuery) {
    return anonymousTo(pathAndQuery).header("Authorization", basic(ID, SECRET));
  }

  HttpRequest.Builder anonymousTo(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(traffic + "/wechat" + pathAndQuery)).timeout(TIMEOUT);
  }

  HttpResponse<byte[]> post(String pathAndQuery, String json) {
    return send(
        to(pathAndQuery)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<byte[]> get(String pathAndQuery) {
    return send(to(pathAndQuery));
  }

  /** Requests a stand-in token for a client and an app. */
  String standIn(String id, String appid) {
    var query = "?grant_type=client_credential&appid=" + appid + "&secret=" + encoded(id);
    return text(send(anonymousTo("/cgi-bin/token" + query)))
        .replaceAll(".*\"access_token\":\"([^\"]+)\".*", "$1");
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id + ":" + SECRET, UTF_8);
  }

  static HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends all requests at the same time. */
  static List<HttpResponse<byte[]>> sendAll(List<HttpRequest> requests) {
    var sent = requests.stream().map(it -> HTTP.sendAsync(it, BodyHandlers.ofByteArray())).toList();
    return sent.stream().map(CompletableFuture::join).toList();
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  static void assertProblem(HttpResponse<byte[]> response, int status, String name, int errcode) {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    var problem = JsonPath.from(text(response));
    assertThat(problem.getString("type")).isEqualTo("urn:mini-login:problem:" + name);
    assertThat(problem.getInt("errcode")).isEqualTo(errcode);
    assertThat(problem.getString("errmsg")).isNotBlank();
    assertThat(problem.getString("action")).isNotEqualTo("login");
  }

  static int errcode(HttpResponse<byte[]> response) {
    return JsonPath.from(text(response)).getInt("errcode");
  }

  static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
