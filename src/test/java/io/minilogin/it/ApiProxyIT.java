package io.minilogin.it;

import static io.minilogin.it.BackendClient.assertProblem;
import static io.minilogin.it.BackendClient.errcode;
import static io.minilogin.it.BackendClient.random;
import static io.minilogin.it.BackendClient.send;
import static io.minilogin.it.BackendClient.sha256;
import static io.minilogin.it.BackendClient.text;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.Request;
import io.minilogin.it.SharedService.Instances;
import io.minilogin.it.SharedService.Shared;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends call WeChat's API without an access token: forwarded requests and returned replies. */
@ExtendWith(SharedService.class)
class ApiProxyIT {
  private static final int MEGABYTE = 1024 * 1024;

  private final WechatSimulator wechat;
  private final ServiceProcess one;
  private final BackendClient backend;

  /** Each test uses its own path. */
  private final String path = "/echo/" + UUID.randomUUID();

  ApiProxyIT(Shared shared) {
    wechat = shared.wechat();
    one = shared.service();
    backend = BackendClient.of(one);
  }

  @Nested
  class TheRequest {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void methodIsForwarded(String method) {
      var response = send(backend.to(path).method(method, BodyPublishers.noBody()));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(arrived().method()).isEqualTo(method);
    }

    @Test
    void headRequestIsForwardedWithoutBody() {
      var response = send(backend.to(path).method("HEAD", BodyPublishers.noBody()));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
      assertThat(arrived().method()).isEqualTo("HEAD");
    }

    @ParameterizedTest
    @CsvSource({
      "a=b,a=b",
      "a=%20+%2B%e4&&=&b,a=%20+%2B%e4&&=&b",
      "access_token=theirs&a=b,a=b",
      "a=1&access%5Ftoken=theirs&cloudbase_access_token=x&b=2,a=1&b=2",
      "component_access_token=x&authorizer_access_token=y&a=b,a=b",
      "from_appid=wx1111111111111111&a=b,a=b",
    })
    void remainingQueryIsForwardedByteForByte(String query, String kept) throws IOException {
      raw("GET", path + "?" + query, "");
      assertThat(arrived().rawQuery())
          .isEqualTo("access_token=" + wechat.accessTokenOf(APP.appid()) + "&" + kept);
    }

    @Test
    void bodyAndSignatureHeadersAreForwarded() {
      var response =
          send(
              backend
                  .to(path)
                  .header("Content-Type", "text/xml; charset=gbk")
                  .header("Content-Language", "zh")
                  .header("Wechatmp-Signature", "signed")
                  .header("X-Forwarded-For", "10.0.0.1")
                  .header("Cookie", "a=b")
                  .POST(BodyPublishers.ofString("<xml/>")));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(arrived().headers())
          .containsEntry("content-type", List.of("text/xml; charset=gbk"))
          .containsEntry("content-language", List.of("zh"))
          .containsEntry("wechatmp-signature", List.of("signed"))
          .containsEntry("content-length", List.of("6"))
          .containsOnlyKeys(
              "content-type",
              "content-language",
              "wechatmp-signature",
              "content-length",
              "accept-encoding",
              "host",
              "user-agent");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024, MEGABYTE, MEGABYTE + 1, 10 * MEGABYTE})
    void bodyIsForwarded(int length) {
      var body = random(length);
      var response = send(backend.to(path).POST(BodyPublishers.ofByteArray(body)));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(arrived().length()).isEqualTo(length);
      assertThat(arrived().sha256()).isEqualTo(sha256(body));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, MEGABYTE, 3 * MEGABYTE})
    void chunkedBodyIsForwardedWithItsLength(int length) {
      var body = random(length);
      var response =
          send(
              backend
                  .to(path)
                  .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(arrived().headers())
          .containsEntry("content-length", List.of(String.valueOf(length)))
          .doesNotContainKey("transfer-encoding");
      assertThat(arrived().sha256()).isEqualTo(sha256(body));
    }

    @Test
    void bodyOverTenMegabytesIsRefused() {
      var body = random(10 * MEGABYTE + 1);
      assertProblem(
          send(
              backend
                  .to(path)
                  .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))),
          413,
          "content-too-large",
          45001);
      assertThat(wechat.requests(path)).isEmpty();
    }

    @Test
    void announcedBodyOverTenMegabytesIsRefusedUnread() throws IOException {
      var length = "Expect: 100-continue\r\nContent-Length: " + (10 * MEGABYTE + 1) + "\r\n";
      assertThat(raw("POST", path, length))
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("connection: close");
    }

    @Test
    void traceIsRefused() throws IOException {
      assertThat(raw("TRACE", path, "")).startsWith("HTTP/1.1 405 ");
      assertThat(wechat.requests(path)).isEmpty();
    }

    @Test
    void expectContinueIsAnswered() throws IOException {
      assertThat(raw("POST", path, "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"))
          .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ");
      assertThat(arrived().body()).isEqualTo("hello");
    }
  }

  @Nested
  class TheReply {
    @Test
    void replyIsReturnedUnchanged() {
      var response = backend.post("/wxa/getwxacodeunlimit", "{\"scene\":\"a=1\"}");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(response.body()).startsWith(0x89, 'P', 'N', 'G');
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void errcodeIsReturned() {
      var response = backend.post("/wxa/getwxacodeunlimit", "{}");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(JsonPath.from(text(response)).getInt("errcode")).isEqualTo(40097);
    }

    @Test
    void bodyAndSignatureHeadersAreReturned() {
      assertThat(backend.get(path).headers().firstValue("Wechatmp-Signature"))
          .contains("simulated");
    }

    @ParameterizedTest
    @CsvSource({
      "status:503,503,text/html",
      "status:404,404,text/html",
      "html,200,text/html",
    })
    void statusIsReturned(String words, int status, String type) {
      var response = backend.get(path + "?simulate=" + words);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(type);
      assertThat(wechat.requests(path)).as("calls are not repeated").hasSize(1);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"bytes", "chunked"})
    void largeReplyIsReturnedCompletely(String how) {
      var length = 20_000_000;
      var response = backend.get(path + "?simulate=" + how + ":" + length);
      var expected = new byte[length];
      for (int i = 0; i < length; i++) {
        expected[i] = (byte) (i % 251);
      }
      assertThat(sha256(response.body())).isEqualTo(sha256(expected));
    }

    @Test
    void announcedReplyOver64MegabytesIsRefused() {
      assertProblem(
          backend.get(path + "?simulate=bytes:" + (64 * MEGABYTE + 1)), 502, "wechat-failed", -1);
    }

    @Tag("long")
    @Test
    void chunkedReplyIsCutAfter64Megabytes() {
      assertThatThrownBy(() -> backend.get(path + "?simulate=chunked:" + 80 * MEGABYTE))
          .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void accessTokenInTheReplyIsMasked() {
      var body = "{\"padding\":\"" + "x".repeat(100_000) + "\"}";
      var response = backend.post(path + "?a=b", body);
      var token = wechat.accessTokenOf(APP.appid());
      assertThat(text(response))
          .contains("\"query\":\"access_token=" + "*".repeat(token.length()) + "&a=b\"")
          .doesNotContain(token);
    }

    @Test
    void secretsInARidLookupAreMasked() {
      var text = text(backend.post("/cgi-bin/openapi/rid/get", "{\"rid\":\"a-b-c\"}"));
      assertThat(text)
          .containsPattern("\"request_url\":\"access_token=\\*+&secret=\\*+&appid=")
          .doesNotContain(APP.secret())
          .doesNotContain(wechat.accessTokenOf(APP.appid()));
      assertThat(JsonPath.from(text).getString("request.response_body"))
          .containsPattern("\"session_key\":\"\\*+\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "cut"})
    void missingReplyIsAProblemThatSdksRetry(String words) {
      wechat.provoke(path, words);
      assertProblem(backend.post(path, "{}"), 502, "wechat-failed", -1);
      assertThat(wechat.requests(path)).as("calls are not repeated").hasSize(1);
    }

    @Test
    void lateReplyIsAProblemThatSdksRetry(Instances instances) {
      var late = path + "?simulate=delay:10000&from_appid=" + APP.appid();
      assertProblem(BackendClient.of(instances.two()).get(late), 504, "wechat-timeout", -1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 45009, 40163, 48001})
    void callWithAnErrcodeIsNotRetried(int errcode) {
      wechat.provoke(path, "errcode=" + errcode);
      assertThat(errcode(backend.post(path, "{}"))).isEqualTo(errcode);
      assertThat(wechat.requests(path)).hasSize(1);
    }
  }

  @Nested
  class ACaller {
    @Test
    void callerMustAuthenticate() {
      assertProblem(send(backend.anonymousTo(path)), 401, "client-unauthorized", 41001);
      var response =
          send(backend.anonymousTo(path).header("Authorization", GatewayClient.basic("x", "y")));
      assertProblem(response, 401, "client-unauthorized", 40001);
      assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/wxa/getwxacodeunlimit",
          "/wxa/msg_sec_check2",
          "/wxa/msg_sec_check/x",
          "/WXA/msg_sec_check",
          "/cgi-bin/message",
          "/cgi-bin/messages/x"
        })
    void unlistedPathIsForbidden(String other) {
      var answer = narrow(other);
      assertProblem(answer, 403, "client-forbidden", 85107);
      assertThat(JsonPath.from(text(answer)).getString("detail"))
          .isEqualTo("The client's setting \"may\" does not list this path.");
      assertThat(wechat.requests(other)).noneMatch(it -> it.rawQuery().contains("narrow=1"));
    }

    @ParameterizedTest
    @CsvSource({
      "/wxa/img_sec_check, /wxa/img_sec_check",
      "/datacube/getvisit/daily/x, /datacube/getvisit",
      "/sns/jscode2session/x, /sns/jscode2session",
      "/cgi-bin/component/api_x/y, /cgi-bin/component"
    })
    void logShowsTheFirstTwoSegmentsOfARefusedPath(String refused, String logged) {
      assertProblem(narrow(refused), 403, "client-forbidden", 85107);
      await()
          .untilAsserted(
              () ->
                  assertThat(one.lines())
                      .anyMatch(
                          line ->
                              line.contains("\"client\":\"narrow\"")
                                  && line.contains("\"path\":\"" + logged + "\"")
                                  && line.contains("\"outcome\":\"client-forbidden\"")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/sns/jscode2session",
          "/cgi-bin/component/api_component_token",
          "/cgi-bin/clear_quota/v2",
          "/tcb/invokecloudfunction",
          "/wxa/checksession",
          "/wxa/a%62c"
        })
    void refusalNamesPathsThatAreNeverPassedOn(String never) {
      var answer = send(backend.to(never));
      assertProblem(answer, 403, "client-forbidden", 85107);
      assertThat(JsonPath.from(text(answer)).getString("detail")).contains("never forwarded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/wxa/msg_sec_check", "/cgi-bin/message/custom/send"})
    void listedPathIsAllowed(String listed) {
      assertThat(narrow(listed).statusCode()).isEqualTo(200);
      assertThat(wechat.requests(listed)).anyMatch(it -> it.rawQuery().contains("narrow=1"));
    }

    @ParameterizedTest
    @MethodSource("io.minilogin.relay.Traversals#all")
    void pathTraversalIsRefused(String target) throws IOException {
      var answer =
          RawHttp.exchange(
              one.traffic(),
              "POST "
                  + target
                  + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
                  + authorization()
                  + "\r\n");
      assertThat(answer.status()).isBetween(400, 499);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://api.weixin.qq.com/cgi-bin/token",
          "http://localhost/wechat/../echo/absolute",
          "//api.weixin.qq.com/wechat/echo/absolute",
          "/x/../wechat/echo/absolute",
          "/%77echat/echo/absolute",
          "*"
        })
    void otherRequestTargetsAreRefused(String target) throws IOException {
      var request = "OPTIONS " + target + " HTTP/1.1\r\nHost: localhost\r\n" + authorization();
      var answer = RawHttp.exchange(one.traffic(), request + "Connection: close\r\n\r\n");
      assertThat(answer.status()).isBetween(400, 499);
      assertThat(wechat.requests("/echo/absolute")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://localhost/wechat/echo/inFull?a=b",
          "HTTPS://api.weixin.qq.com:1/wechat/echo/inFull?a=b"
        })
    void absoluteFormTargetIsReducedToItsPath(String target) throws IOException {
      var request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + authorization();
      var answer = RawHttp.exchange(one.traffic(), request + "Connection: close\r\n\r\n");
      assertThat(answer.status()).isEqualTo(200);
    }

    private HttpResponse<byte[]> narrow(String where) {
      return send(
          backend
              .anonymousTo(where + "?narrow=1")
              .header(
                  "Authorization",
                  GatewayClient.basic(BackendClient.NARROW_ID, BackendClient.SECRET))
              .POST(BodyPublishers.ofString("{}")));
    }
  }

  @Nested
  class SeveralApps {
    private final WechatSimulator wechat;
    private final BackendClient several;

    SeveralApps(Instances instances) {
      wechat = instances.wechat();
      several = BackendClient.of(instances.one());
    }

    @Test
    void appIsSelectedByQueryOrHeader() {
      several.get(path + "?from_appid=" + OTHER_APP.appid());
      send(several.to(path).header("X-WX-FROM-APPID", APP.appid()));
      assertThat(wechat.requests(path))
          .extracting(it -> it.query().get("access_token").get(0))
          .containsExactly(
              wechat.accessTokenOf(OTHER_APP.appid()), wechat.accessTokenOf(APP.appid()));
      assertThat(wechat.requests(path)).noneMatch(it -> it.rawQuery().contains("from_appid"));
    }

    @Test
    void appMustBeSelected() {
      assertProblem(several.get(path), 400, "unknown-app", 48001);
      assertProblem(several.get(path + "?from_appid=wx9"), 400, "unknown-app", 40013);
      assertProblem(
          several.get(path + "?from_appid=wx9&from_appid=wx8"), 400, "invalid-request", 47001);
      var twice = several.to(path);
      twice.header("X-WX-FROM-APPID", "wx9").header("X-WX-FROM-APPID", "wx8");
      assertProblem(send(twice), 400, "invalid-request", 47001);
    }

    @Test
    void onlyAppOfAClientNeedNotBeSelected() {
      var mark = UUID.randomUUID().toString();
      var request =
          several
              .anonymousTo("/wxa/msg_sec_check?mark=" + mark)
              .header(
                  "Authorization",
                  GatewayClient.basic(BackendClient.NARROW_ID, BackendClient.SECRET))
              .POST(BodyPublishers.ofString("{}"));
      assertThat(send(request).statusCode()).isEqualTo(200);
      assertThat(wechat.requests("/wxa/msg_sec_check"))
          .filteredOn(it -> it.rawQuery().contains(mark))
          .extracting(it -> it.query().get("access_token").get(0))
          .containsExactly(wechat.accessTokenOf(APP.appid()));
    }

    @Test
    void appsOfOtherClientsAreForbidden() {
      var request =
          several
              .anonymousTo("/wxa/msg_sec_check?from_appid=" + OTHER_APP.appid())
              .header(
                  "Authorization",
                  GatewayClient.basic(BackendClient.NARROW_ID, BackendClient.SECRET));
      var answer = send(request);
      assertProblem(answer, 403, "client-forbidden", 85107);
      assertThat(JsonPath.from(text(answer)).getString("detail")).contains("\"apps\"");
    }
  }

  @Test
  void callIsCanceledWhenTheCallerDisconnects() throws IOException {
    try (var http = new RawHttp(one.traffic())) {
      http.send(head("GET", path + "?simulate=delay:1500", "").getBytes(ISO_8859_1));
      await().until(() -> wechat.requests(path).size() == 1);
    }
    await()
        .until(
            () -> one.lines().stream().anyMatch(line -> line.contains("\"outcome\":\"canceled\"")));
  }

  @Test
  void logAndMetricsShowTheCallButNotItsContent() {
    var secrets = List.of("secret-in-query", "secret-in-body", path);
    wechat.provoke(path, "errcode=45009");
    backend.post(path + "?q=secret-in-query", "{\"b\":\"secret-in-body\"}");
    await()
        .untilAsserted(
            () ->
                assertThat(one.lines())
                    .filteredOn(line -> line.contains("45009"))
                    .map(JsonPath::from)
                    .anySatisfy(
                        line -> {
                          assertThat(line.getString("message")).isEqualTo("Call of WeChat's API");
                          assertThat(line.<String, String>getMap("mdc"))
                              .containsEntry("client", "orders")
                              .containsEntry("app", APP.appid())
                              .containsEntry("path", "/echo/*")
                              .containsEntry("outcome", "refused")
                              .containsEntry("status", "200")
                              .containsEntry("errcode", "45009")
                              .containsKeys("rid", "time_ms", "trace_id");
                        }));
    assertThat(one.lines())
        .filteredOn(line -> line.contains("WARN") && line.contains("45009"))
        .isNotEmpty()
        .allMatch(line -> line.contains("quota"));
    assertThat(one.client().metrics())
        .contains("mini_login_api_calls_seconds_count{app=\"" + APP.appid() + "\"")
        .containsPattern(
            "client=\"orders\",errcode=\"quota\",outcome=\"refused\",path=\"/echo/.\"");
    assertThat(one.lines()).noneMatch(line -> secrets.stream().anyMatch(line::contains));
    assertThat(secrets).noneMatch(one.client().metrics()::contains);
  }

  private Request arrived() {
    assertThat(wechat.requests(path)).hasSize(1);
    return wechat.requests(path).get(0);
  }

  private String raw(String method, String target, String headers) throws IOException {
    return raw(method, target, headers, "");
  }

  private String raw(String method, String target, String headers, String body) throws IOException {
    return RawHttp.exchange(one.traffic(), head(method, target, headers) + body).text();
  }

  private static String head(String method, String target, String headers) {
    return method
        + " /wechat"
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + authorization()
        + headers
        + "\r\n";
  }

  private static String authorization() {
    return "Authorization: " + GatewayClient.basic(BackendClient.ID, BackendClient.SECRET) + "\r\n";
  }
}
