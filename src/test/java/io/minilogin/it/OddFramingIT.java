package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Harmless.harmless;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The service answers a request with any body framing. Framing errors are client errors and are not
 * logged.
 */
@Tag("long")
class OddFramingIT {
  private static final String EMPTY = "0\r\n\r\n";

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(GatewayClient.knownTo(surroundings.service()).start());
  private static final String token = service.client().tokenFor(code());

  /** Request lines with the header of the credentials. */
  static Stream<String> operations() {
    var bearer = "Authorization: Bearer TOKEN\r\n";
    var basic =
        "Authorization: "
            + GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET)
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    var json = "Content-Type: application/json\r\n";
    return Stream.of(
        "POST /login HTTP/1.1\r\n" + json,
        "POST /session/open-data HTTP/1.1\r\n" + json + bearer,
        "POST /session/phone-number HTTP/1.1\r\n" + json + bearer,
        "POST /session/key/check HTTP/1.1\r\n" + bearer,
        "POST /session/key/reset HTTP/1.1\r\n" + bearer,
        "POST /introspect HTTP/1.1\r\n" + basic,
        "POST /revoke HTTP/1.1\r\n" + basic,
        "GET /session HTTP/1.1\r\n" + bearer,
        "POST /verify HTTP/1.1\r\n" + bearer,
        "POST /nowhere HTTP/1.1\r\n");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void emptyChunkedBodyIsAnswered(String operation) throws IOException {
    var answer = ask(operation, "chunked", EMPTY);
    assertThat(answer.status()).isBetween(200, 404);
  }

  @Test
  void shutdownDoesNotWaitForEmptyChunkedBodies() throws IOException {
    try (var another = surroundings.service().start()) {
      for (int i = 0; i < 50; i++) {
        exchange(another.traffic(), "POST /login HTTP/1.1\r\n", "chunked", EMPTY);
      }
      var watch = Stopwatch.start();
      another.terminate();
      another.awaitExit();
      assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}xx\r\n0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
        "ffffffffff\r\n{}\r\n0\r\n\r\n",
        "2;\r\n{}\n0\r\n\r\n"
      })
  void malformedChunkIsRefused(String body) throws IOException {
    for (var operation : operations().toList()) {
      // A check and an unknown path are answered without waiting for the body.
      var isRead = !operation.contains("/verify") && !operation.contains("/nowhere");
      var status = ask(operation, "chunked", body).status();
      assertThat(status).as(operation).isIn(isRead ? Set.of(400) : Set.of(200, 400, 404));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xchunked",
        "chunked, identity",
        "gzip, chunked",
        "chunked\r\nTransfer-Encoding: chunked",
        "identity",
        "",
        "chunked;q=1"
      })
  void otherTransferCodingsAreRefused(String coding) throws IOException {
    for (var operation : operations().toList()) {
      var answer = ask(operation, coding, "2\r\n{}\r\n0\r\n\r\n");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("onnection: close");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "Chunked", " chunked "})
  void chunkedBodyIsRead(String coding) throws IOException {
    var body = "{\"code\":\"" + code() + "\"}";
    var chunked =
        "1\r\n{\r\n" + Integer.toHexString(body.length() - 1) + "\r\n" + body.substring(1) + "\r\n";
    var login = "POST /login HTTP/1.1\r\nContent-Type: application/json\r\n";
    assertThat(ask(login, coding, chunked + EMPTY).status()).isEqualTo(200);
  }

  @Test
  void http10RequestWithABodyClosesTheConnection() throws IOException {
    var first =
        "GET /verify HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 60\r\n"
            + "Authorization: Bearer TOKEN\r\n\r\n";
    var next = "GET /verify HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    var answer = RawHttp.exchange(service.traffic(), (first + next).replace("TOKEN", token));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("onnection: close").doesNotContain("keep-alive");
  }

  @Test
  void http10ConnectionWithoutBodiesIsKeptAlive() throws IOException {
    var request =
        "GET /verify HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n";
    try (var http = new RawHttp(service.traffic())) {
      assertThat(http.send(request.getBytes(ISO_8859_1)).head().status()).isEqualTo(200);
      assertThat(http.send(request.getBytes(ISO_8859_1)).head().status()).isEqualTo(200);
    }
  }

  @Test
  void framingErrorsAreNotLogged() throws IOException {
    var before = service.lines().size();
    for (int i = 0; i < 100; i++) {
      ask("POST /login HTTP/1.1\r\n", "chunked", "zz\r\n{}\r\n0\r\n\r\n");
      ask("POST /login HTTP/1.1\r\n", "xchunked", "2\r\n{}\r\n0\r\n\r\n");
      disconnectDuringRequest("POST /login HTTP/1.1\r\nContent-Length: 20\r\n\r\n{");
      disconnectDuringRequest("POST /login HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{");
      disconnectDuringRequest(get() + get() + get());
    }
    service.client().session(token).then().statusCode(200);
    assertThat(service.lines().stream().skip(before)).isEmpty();
  }

  private static String get() {
    return "GET /session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
  }

  private static void disconnectDuringRequest(String request) throws IOException {
    try (var http = new RawHttp(service.traffic())) {
      http.send(request.getBytes(ISO_8859_1));
    }
  }

  private static RawHttp.Answer ask(String operation, String coding, String body)
      throws IOException {
    return exchange(service.traffic(), operation.replace("TOKEN", token), coding, body);
  }

  private static RawHttp.Answer exchange(URI target, String operation, String coding, String body)
      throws IOException {
    var request =
        operation
            + "Host: x\r\nConnection: close\r\nTransfer-Encoding: "
            + coding
            + "\r\n\r\n"
            + body;
    return harmless(RawHttp.exchange(target, request));
  }
}
