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

/** Calls WeChat's API through a service as a backend does: bytes in, bytes out. */
record BackendClient(URI traffic) {
  static final String ID = "orders";
  static final String SECRET = "5ecre7-of-the+orders%21";

  /** May act for {@link Surroundings#APP} alone, and call little. */
  static final String NARROW_ID = "narrow";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Lets the service know both clients. */
  static ServiceProcess.Builder knownTo(ServiceProcess.Builder service) {
    return service
        .with("CLIENTS_0__ID", ID)
        .with("CLIENTS_0__SECRET", SECRET)
        .with("CLIENTS_0__MAY", "introspect,/wxa/*,/cgi-bin/*,/sns/*,/tcb/*,/echo/*")
        .with("CLIENTS_1__ID", NARROW_ID)
        .with("CLIENTS_1__SECRET", SECRET)
        .with("CLIENTS_1__MAY", "/wxa/msg_sec_check,/cgi-bin/message/*")
        .with("CLIENTS_1__APPS", Surroundings.APP.appid());
  }

  static BackendClient of(ServiceProcess service) {
    return new BackendClient(service.traffic());
  }

  /** A request that says who asks. */
  HttpRequest.Builder to(String pathAndQuery) {
    return anonymousTo(pathAndQuery).header("Authorization", basic(ID, SECRET));
  }

  HttpRequest.Builder anonymousTo(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(traffic + "/wechat" + pathAndQuery)).timeout(PATIENCE);
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

  /** A stand-in token for the client and an app. */
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

  /** All at the same time. */
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
