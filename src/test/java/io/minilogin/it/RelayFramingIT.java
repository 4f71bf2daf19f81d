package io.minilogin.it;

import static io.minilogin.it.BackendClient.send;
import static io.minilogin.it.BackendClient.text;
import static io.minilogin.it.RawWechat.TOKEN;
import static io.minilogin.it.RawWechat.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The framing of a call by a backend or by WeChat never affects another call, neither its request
 * nor its reply.
 */
@Tag("long")
class RelayFramingIT {
  private static final Pattern NAME = Pattern.compile("/echo/(\\w+)");
  private static final int UPLOAD = 2 * 1024 * 1024;
  private static final int RECORD = 100_000;

  /** More bytes than the sockets on the way to WeChat hold. */
  private static final int UNREAD = 10_000_000;

  private static Surroundings surroundings;
  private static RawWechat wechat;
  private static ServiceProcess service;
  private static BackendClient backend;

  @BeforeAll
  static void start() throws IOException {
    surroundings = Surroundings.start();
    wechat = new RawWechat(RelayFramingIT::answer);
    service =
        BackendClient.knownTo(surroundings.service().with("WECHAT_BASE_URL", wechat.uri()))
            .with("WECHAT_API_TIMEOUT", "4S")
            .start();
    backend = BackendClient.of(service);
  }

  @AfterAll
  static void stop() throws IOException {
    service.close();
    wechat.close();
    surroundings.close();
  }

  private static String answer(String head) {
    var name = NAME.matcher(head);
    var echo = ok("{\"path\":\"" + (name.find() ? name.group(1) : "") + "\"}");
    var noBody = "\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}";
    if (head.contains("/echo/noContent")) {
      return "HTTP/1.1 204 No Content" + noBody;
    }
    if (head.contains("/echo/notModified")) {
      return "HTTP/1.1 304 Not Modified" + noBody;
    }
    if (head.contains("/rid/get")) {
      return ok(
          "{\"request\":{\"request_body\":\""
              + "x".repeat(RECORD)
              + "\",\"request_url\":\"signature=s3cret&pay_sig=s3cret\",\"encrypt_key\":\"s3cret\"}}");
    }
    if (head.contains("/echo/key")) {
      return ok("{\"session_key\":\"s3cret/==\",\"signature\":\"s3cret\"}");
    }
    if (head.contains("/echo/typed")) {
      var type = head.replaceAll("(?s).*\nContent-Language: (.*?)\r.*", "$1");
      return ok("{\"session_key\":\"s3cret\"}")
          .replace("application/json", type.replace("|", "\r\nContent-Type: "));
    }
    if (head.contains("/echo/token")) {
      var line = head.substring(0, head.indexOf("\r\n"));
      return ok("{\"errmsg\":\"%s, %s, %s\"}".formatted(line, TOKEN, TOKEN.replace("/", "\\/")))
          .replaceFirst("\r\n", "\r\nContent-Language: " + line + "\r\n");
    }
    if (head.contains("/echo/unread")) {
      return "";
    }
    if (head.contains("/echo/noStatus")) {
      return echo.replace("200 OK", "000 OK");
    }
    if (head.contains("/echo/gzip")) {
      return compressed("gzip");
    }
    if (head.contains("/echo/brotli")) {
      return compressed("br");
    }
    if (head.contains("/echo/interim")) {
      return "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 Odd\r\nX: y\r\n\r\n"
          + "HTTP/1.1 103 Early Hints\r\n\r\n"
          + echo;
    }
    return head.contains("/echo/twice") ? echo + ok("{\"path\":\"nobody's\"}") : echo;
  }

  @RepeatedTest(6)
  void disconnectDuringAnUploadDoesNotAffectOtherCalls() throws IOException {
    try (var http = new RawHttp(service.traffic())) {
      http.send(upload("upload", UPLOAD)).send(new byte[100_000]);
      assertThat(http.head().status()).isEqualTo(200);
    }
    assertOthersAreServed();
  }

  @Test
  void stalledUploadDoesNotAffectOtherCalls() throws IOException {
    try (var http = new RawHttp(service.traffic())) {
      http.send(upload("upload", UPLOAD)).send(new byte[100_000]);
      assertThat(http.answer().status()).isEqualTo(200);
      assertOthersAreServed();
    }
  }

  @Test
  void bodyThatWechatDoesNotReadIsATimeoutOfWechat() throws IOException {
    try (var http = new RawHttp(service.traffic())) {
      http.send(upload("unread", UNREAD));
      var sent = CompletableFuture.runAsync(() -> sendUntilClosed(http, new byte[UNREAD]));
      assertThat(http.answer().body()).contains("urn:mini-login:problem:wechat-timeout");
      sent.join();
    }
    assertOthersAreServed();
  }

  @ParameterizedTest
  @CsvSource({"GET,noContent", "GET,notModified", "HEAD,any", "GET,twice"})
  void unexpectedReplyBodyIsNotReturnedToOtherCalls(String method, String name) throws IOException {
    for (int i = 0; i < 5; i++) {
      send(backend.to("/echo/" + name).method(method, BodyPublishers.noBody()));
      assertOthersAreServed();
    }
  }

  @Test
  void interimResponseIsSkipped() {
    assertThat(text(send(backend.to("/echo/interim")))).isEqualTo("{\"path\":\"interim\"}");
    assertOthersAreServed();
  }

  @Test
  void secretsInALongRecordAreMasked() {
    for (int i = 0; i < 45; i++) {
      var record = text(send(backend.to("/cgi-bin/openapi/rid/get")));
      assertThat(record)
          .hasSizeGreaterThan(RECORD)
          .contains("request_url")
          .doesNotContain("s3cret");
    }
    assertOthersAreServed();
  }

  @Test
  void accessTokenIsMaskedInEachForm() {
    var reply = send(backend.to("/echo/token"));
    assertThat(text(reply)).contains("access_token=***").doesNotContain("t0ken");
    assertThat(reply.headers().firstValue("Content-Language")).isEmpty();
  }

  @Test
  void onlyTheSessionKeyOfAReplyIsMasked() {
    assertThat(text(send(backend.to("/echo/key"))))
        .isEqualTo("{\"session_key\":\"*********\",\"signature\":\"s3cret\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;charset=utf-8",
        "APPLICATION/JSON",
        "Text/Plain",
        "application/javascript",
        "application/octet-stream",
        "image/png|application/json",
        " "
      })
  void sessionKeyIsMaskedForAnyMediaTypeThatJsonMayHave(String type) {
    assertThat(text(send(backend.to("/echo/typed").header("Content-Language", type))))
        .isEqualTo("{\"session_key\":\"******\"}");
  }

  /** The service asks for uncompressed replies. A server that compresses anyway is tolerated. */
  @Test
  void compressedReplyIsDecompressedAndMasked() {
    var reply = send(backend.to("/echo/gzip"));
    assertThat(text(reply)).isEqualTo("{\"session_key\":\"******\"}");
    assertThat(reply.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(wechat.heads())
        .filteredOn(head -> head.contains("/echo/gzip"))
        .allMatch(head -> head.toLowerCase(Locale.ROOT).contains("accept-encoding: identity"));
    assertOthersAreServed();
  }

  /** A reply that cannot be decompressed, or whose number is no status. */
  @ParameterizedTest
  @ValueSource(strings = {"brotli", "noStatus"})
  void unusableReplyIsNotForwarded(String name) {
    assertThat(send(backend.to("/echo/" + name)).statusCode()).isEqualTo(502);
    assertOthersAreServed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/wechat/../session",
        "/wechat/echo/./a",
        "/wechat/%2e%2e/session",
        "/wechat/..%2fsession",
        "/wechat/..;/session",
        "http://localhost/wechat/../session"
      })
  void pathWithDotSegmentsIsNotFoundForAnyCaller(String target) throws IOException {
    for (var header : List.of("", authorization(), "Authorization: Basic bm9ib2R5OngK\r\n")) {
      var request = "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header;
      var answer = RawHttp.exchange(service.traffic(), request + "\r\n");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).contains("urn:mini-login:problem:not-found", "48001");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT /wechat/echo/a", "CONNECT localhost:443"})
  void connectIsRefused(String line) throws IOException {
    var answer = RawHttp.exchange(service.traffic(), line + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer.status()).isEqualTo(405);
    assertOthersAreServed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked\r\n\r\nzz\r\n", "gzip, chunked\r\n\r\n"})
  void malformedCallIsRefusedWithAnErrcode(String rest) throws IOException {
    var head = "POST /wechat/echo/a HTTP/1.1\r\nHost: x\r\n" + authorization();
    var answer = RawHttp.exchange(service.traffic(), head + "Transfer-Encoding: " + rest);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"errcode\":47001", "\"errmsg\":");
    assertOthersAreServed();
  }

  @Test
  void notModifiedReplyKeepsItsLength() {
    var reply = send(backend.to("/echo/notModified"));
    assertThat(reply.headers().firstValueAsLong("Content-Length")).hasValue(9);
  }

  @Test
  void http10ReplyOfUnknownLengthClosesTheConnection() throws IOException {
    var request =
        "GET /wechat/echo/http10 HTTP/1.0\r\nConnection: keep-alive\r\n" + authorization() + "\r\n";
    var answer = RawHttp.exchange(service.traffic(), request + "GET / HTTP/1.0\r\n\r\n");
    assertThat(answer.text()).contains("{\"path\":\"http10\"}");
  }

  /** Calls WeChat on as many connections as allowed. */
  private static void assertOthersAreServed() {
    for (int i = 0; i < 3; i++) {
      assertThat(text(backend.get("/echo/other" + i))).isEqualTo("{\"path\":\"other" + i + "\"}");
    }
    assertThat(wechat.bodies()).noneMatch(body -> body.contains("access_token"));
  }

  /** Returns a reply that is compressed with gzip and has this coding in its head. */
  private static String compressed(String coding) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write("{\"session_key\":\"s3cret\"}".getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ok(bytes.toString(ISO_8859_1))
        .replaceFirst("\r\n", "\r\nContent-Encoding: " + coding + "\r\n");
  }

  private static byte[] upload(String name, int length) {
    return ("POST /wechat/echo/"
            + name
            + " HTTP/1.1\r\nHost: x\r\n"
            + authorization()
            + "Content-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  private static void sendUntilClosed(RawHttp http, byte[] body) {
    try {
      http.send(body);
    } catch (IOException e) {
      // The service has closed the connection.
    }
  }

  private static String authorization() {
    return "Authorization: " + GatewayClient.basic(BackendClient.ID, BackendClient.SECRET) + "\r\n";
  }
}
