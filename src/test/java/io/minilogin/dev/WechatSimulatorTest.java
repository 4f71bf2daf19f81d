package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.dev.WechatSimulator.App;
import io.minilogin.dev.WechatSimulator.Call;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WechatSimulatorTest {
  private static final App SHOP = new App("wx1111111111111111", "shop-secret");
  private static final App GAME = new App("wx2222222222222222", "game-secret");
  private static final int EIGHT_MEGABYTES = 8 * 1024 * 1024;

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(SHOP, GAME);

  // The answer to a login

  @Test
  void loginReturnsOpenidUnionidAndSessionKey() throws Exception {
    var reply = login("alice.1");
    assertThat(names(reply)).containsExactlyInAnyOrder("session_key", "openid", "unionid");
    assertThat(reply.get("openid").textValue()).matches("o[\\w-]{27}");
    assertThat(reply.get("unionid").textValue()).matches("o[\\w-]{27}");
    assertThat(Base64.getDecoder().decode(reply.get("session_key").textValue())).hasSize(16);
  }

  @Test
  void outageAnswersNothingAndKeepsTheState() throws Exception {
    login("alice.1");
    wechat.setDown(true);
    assertThatThrownBy(() -> send(SHOP, "alice.2")).isInstanceOf(IOException.class);
    wechat.setDown(false);
    // A code that did not arrive is not consumed. A consumed code stays consumed.
    login("alice.2");
    assertThat(json(send(SHOP, "alice.1")).get("errcode").asInt()).isEqualTo(40163);
  }

  @Test
  void onlookerSeesEachCallAndItsOutcome() throws Exception {
    var seen = new ConcurrentLinkedQueue<String>();
    wechat.show(
        (call, sent) -> {
          seen.add(call);
          return (outcome, isFailure, received) -> seen.add(isFailure + " " + outcome);
        });
    login("alice.1");
    send(SHOP, "alice.errcode=40029");
    send(SHOP, "alice.status=502");
    assertThatThrownBy(() -> send(SHOP, "alice.cut")).isInstanceOf(IOException.class);
    await().until(() -> seen.size() == 8);
    assertThat(seen)
        .containsExactly(
            "GET /sns/jscode2session alice.1",
            "false 200",
            "GET /sns/jscode2session alice.errcode=40029",
            "true errcode 40029",
            "GET /sns/jscode2session alice.status=502",
            "true 502",
            "GET /sns/jscode2session alice.cut",
            "true connection closed");
  }

  @Test
  void repliesArePlainTextWithoutACharset() throws Exception {
    assertThat(contentType(send(SHOP, "alice.1"))).isEqualTo("text/plain");
    assertThat(contentType(send(SHOP, "alice.errcode=-1"))).isEqualTo("text/plain");
  }

  @Test
  void errorsHaveStatus200AndARid() throws Exception {
    var response = send(SHOP, "alice.errcode=40029");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).get("errmsg").textValue())
        .matches("invalid code, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}");
  }

  @Test
  void userHasOneOpenidPerAppAndOneUnionidForAll() throws Exception {
    var first = login("alice.1");
    var again = login("alice.2");
    var inGame = json(send(GAME, "alice.3"));
    assertThat(again.get("openid")).isEqualTo(first.get("openid"));
    assertThat(inGame.get("openid")).isNotEqualTo(first.get("openid"));
    assertThat(inGame.get("unionid")).isEqualTo(first.get("unionid"));
  }

  @Test
  void usersShareNoId() throws Exception {
    var alice = login("alice.1");
    var bob = login("bob.1");
    assertThat(bob.get("openid")).isNotEqualTo(alice.get("openid"));
    assertThat(bob.get("unionid")).isNotEqualTo(alice.get("unionid"));
  }

  @Test
  void idsAreStableAcrossRestarts() throws Exception {
    var reply = login("alice.1");
    try (var other = WechatSimulator.start(SHOP)) {
      assertThat(other.openidOf(SHOP.appid(), "alice")).isEqualTo(reply.get("openid").textValue());
      assertThat(other.unionidOf("alice")).isEqualTo(reply.get("unionid").textValue());
    }
  }

  @Test
  void loginReplacesTheSessionKey() throws Exception {
    var first = login("alice.1").get("session_key").textValue();
    var second = login("alice.2").get("session_key").textValue();
    assertThat(second).isNotEqualTo(first);
    assertThat(wechat.sessionKeyOf(SHOP.appid(), "alice")).isEqualTo(second);
  }

  @Test
  void loginInAnotherAppDoesNotChangeTheSessionKey() throws Exception {
    var inShop = login("alice.1").get("session_key").textValue();
    var inGame = json(send(GAME, "alice.2")).get("session_key").textValue();
    assertThat(inGame).isNotEqualTo(inShop);
    assertThat(wechat.sessionKeyOf(SHOP.appid(), "alice")).isEqualTo(inShop);
  }

  @Test
  void codeCanKeepTheSessionKey() throws Exception {
    var first = login("alice.keep-key.1").get("session_key");
    assertThat(login("alice.keep-key.2").get("session_key")).isEqualTo(first);
    assertThat(login("alice.3").get("session_key")).isNotEqualTo(first);
  }

  @Test
  void loginWithALostAnswerReplacesTheSessionKey() throws Exception {
    var first = login("alice.1").get("session_key").textValue();
    send(SHOP, "alice.status=502");
    assertThat(wechat.sessionKeyOf(SHOP.appid(), "alice")).isNotEqualTo(first);
  }

  @Test
  void failedLoginDoesNotChangeTheSessionKey() throws Exception {
    var first = login("alice.1").get("session_key").textValue();
    login("alice.errcode=40029");
    assertThat(wechat.sessionKeyOf(SHOP.appid(), "alice")).isEqualTo(first);
  }

  // The lifetime of a code

  @Test
  void codeIsAcceptedOnce() throws Exception {
    login("alice.1");
    assertThat(errcode(login("alice.1"))).isEqualTo(40163);
    assertThat(errcode(json(send(GAME, "alice.1")))).isEqualTo(40163);
  }

  @Test
  void codeSentConcurrentlyIsAcceptedOnce() {
    var responses =
        IntStream.range(0, 20)
            .mapToObj(i -> client.sendAsync(request(SHOP, "alice.1"), BodyHandlers.ofString()))
            .toList();
    assertThat(responses)
        .filteredOn(response -> response.join().body().contains("openid"))
        .hasSize(1);
    assertThat(wechat.callsWith("alice.1")).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice.errcode=-1", "alice.age=301", "alice.status=500", "alice.empty"})
  void failedExchangeConsumesTheCode(String code) throws Exception {
    send(SHOP, code);
    assertThat(errcode(login(code))).isEqualTo(40163);
  }

  @Test
  void resetConsumesTheCode() throws Exception {
    assertThatThrownBy(() -> bytesAnswering("alice.reset")).isInstanceOf(SocketException.class);
    assertThat(errcode(login("alice.reset"))).isEqualTo(40163);
  }

  @Test
  void codeIsConsumedBeforeASlowAnswer() throws Exception {
    try (var socket = ask("alice.delay=60000")) {
      awaitCall("alice.delay=60000");
      assertThat(errcode(login("alice.delay=60000"))).isEqualTo(40163);
    }
  }

  @Test
  void callWithAWrongSecretConsumesTheCode() throws Exception {
    send(new App(SHOP.appid(), "wrong"), "alice.1");
    assertThat(errcode(login("alice.1"))).isEqualTo(40163);
  }

  @Test
  void codeOlderThanFiveMinutesIsRejected() throws Exception {
    assertThat(login("alice.age=300").has("openid")).isTrue();
    assertThat(errcode(login("alice.age=301"))).isEqualTo(40029);
  }

  @Test
  void codeWithAnIssueTimeExpiresAfterFiveMinutes() throws Exception {
    var now = new AtomicReference<>(Instant.parse("2024-05-01T12:00:00Z"));
    InstantSource source = now::get;
    var words = "alice.issued=" + now.get().getEpochSecond();
    try (var other = WechatSimulator.start(source.withZone(ZoneOffset.UTC), 0, SHOP)) {
      now.updateAndGet(instant -> instant.plusSeconds(300));
      assertThat(json(send(other, SHOP, words + ".1")).has("openid")).isTrue();
      now.updateAndGet(instant -> instant.plusSeconds(1));
      assertThat(errcode(json(send(other, SHOP, words + ".2")))).isEqualTo(40029);
    }
  }

  @Test
  void codeOfAnotherAppIsRejected() throws Exception {
    var word = "alice.appid=" + GAME.appid();
    assertThat(errcode(login(word + ".1"))).isEqualTo(40029);
    assertThat(json(send(GAME, word + ".2")).has("openid")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x&appid=other",
        "a=b",
        "100%",
        "%2e",
        "a+b c",
        "a;b",
        "小明",
        "a#b?c/d",
        "\"\\",
        "😀",
        ".",
        "delay=9"
      })
  void firstWordOfACodeNamesTheUser(String user) throws Exception {
    var code = user + ".1";
    var reply = login(code);
    var firstWord = code.substring(0, code.indexOf('.'));
    assertThat(reply.get("openid").textValue()).isEqualTo(wechat.openidOf(SHOP.appid(), firstWord));
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void codeWithoutADotNamesTheUser() throws Exception {
    var reply = login("0a3TmV000lDJ5Q1Yx");
    assertThat(reply.get("openid").textValue())
        .isEqualTo(wechat.openidOf(SHOP.appid(), "0a3TmV000lDJ5Q1Yx"));
  }

  @Test
  void unknownWordsOfACodeAreIgnored() throws Exception {
    for (var word :
        List.of("1", "2", "", "delay=soon", "errcode=", "status=99", "Reset", "issued=x")) {
      assertThat(names(login("alice." + word))).as(word).contains("openid");
    }
  }

  // Rejected requests

  @ParameterizedTest
  @CsvSource({
    "'appid=wx0&secret=s&js_code=1&grant_type=authorization_code', 40013",
    "'appid=wx1111111111111111&secret=s&js_code=1&grant_type=authorization_code', 40125",
    "'appid=wx1111111111111111&secret=game-secret&js_code=1&grant_type=authorization_code', 40125",
    "'appid=wx1111111111111111&js_code=1&grant_type=authorization_code', 41004",
    "'appid=wx1111111111111111&secret=&js_code=1&grant_type=authorization_code', 41004",
    "'secret=shop-secret&js_code=1&grant_type=authorization_code', 41002",
    "'appid=wx1111111111111111&secret=shop-secret&js_code=1&grant_type=other', 40002",
    "'appid=wx1111111111111111&secret=shop-secret&js_code=1', 40002",
    "'appid=wx1111111111111111&secret=shop-secret&grant_type=authorization_code', 41008",
    "'appid=wx1111111111111111&secret=shop-secret&js_code=&grant_type=authorization_code', 41008",
    "'', 41002"
  })
  void wrongOrMissingParameterIsRejected(String query, int errcode) throws Exception {
    var response = get("/sns/jscode2session?" + query);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(errcode(json(response))).isEqualTo(errcode);
  }

  @Test
  void otherPathsAndMethodsNeedAnAccessToken() throws Exception {
    assertThat(errcode(json(get("/sns/jscode2session/")))).isEqualTo(41001);
    assertThat(errcode(json(get("/cgi-bin/token")))).isEqualTo(41001);
    var post = HttpRequest.newBuilder(wechat.uri().resolve("/sns/jscode2session"));
    var response =
        client.send(
            post.POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(errcode(json(response))).isEqualTo(41001);
    assertThat(wechat.calls()).isEmpty();
  }

  @Test
  void malformedQueryIsABadRequest() throws Exception {
    try (var socket = connect()) {
      write(socket, "/sns/jscode2session?js_code=%zz");
      assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
          .isEqualTo("HTTP/1.1 400");
    }
  }

  // Recorded calls

  @Test
  void callsAreRecordedInOrderWhateverTheOutcome() throws Exception {
    login("alice.1");
    login("bob.errcode=-1");
    send(GAME, "carol.status=500");
    login("alice.1");
    assertThat(wechat.calls())
        .extracting(Call::code)
        .containsExactly("alice.1", "bob.errcode=-1", "carol.status=500", "alice.1");
    assertThat(wechat.calls().get(2).appid()).isEqualTo(GAME.appid());
    assertThat(wechat.callsWith("alice.1")).isEqualTo(2);
    assertThat(wechat.callsWith("alice.2")).isZero();
  }

  @Test
  void duplicateParameterIsRecorded() throws Exception {
    get("/sns/jscode2session?appid=a&secret=s&js_code=x&appid=other&grant_type=authorization_code");
    assertThat(wechat.calls().get(0).query().get("appid")).containsExactly("a", "other");
  }

  @Test
  void userWithoutALoginHasNoSessionKey() {
    assertThatThrownBy(() -> wechat.sessionKeyOf(SHOP.appid(), "alice"))
        .isInstanceOf(NoSuchElementException.class);
  }

  // Codes that provoke an answer

  @ParameterizedTest
  @ValueSource(longs = {40029, 40163, 40226, 45009, 45011, 40013, -1, 99999, 0})
  void codeSelectsTheErrcode(long errcode) throws Exception {
    var reply = login("alice.errcode=" + errcode);
    assertThat(names(reply)).containsExactlyInAnyOrder("errcode", "errmsg");
    assertThat(errcode(reply)).isEqualTo(errcode);
  }

  @Test
  void errcodeCanBeText() throws Exception {
    assertThat(login("alice.errcode=40029.errcode-text").get("errcode").textValue())
        .isEqualTo("40029");
  }

  @ParameterizedTest
  @CsvSource({"no-openid, openid", "no-session-key, session_key", "no-unionid, unionid"})
  void propertyCanBeMissing(String word, String property) throws Exception {
    assertThat(names(login("alice." + word))).hasSize(2).doesNotContain(property);
  }

  @Test
  void successCanHaveAnErrcodeOfZero() throws Exception {
    var number = login("alice.errcode-zero");
    assertThat(number.get("errcode").isInt()).isTrue();
    assertThat(errcode(number)).isZero();
    assertThat(number.has("openid")).isTrue();
    var text = login("alice.errcode-zero-text");
    assertThat(text.get("errcode").textValue()).isEqualTo("0");
    assertThat(text.has("openid")).isTrue();
  }

  @Test
  void replyCanHaveUnknownPropertiesInUtf8() throws Exception {
    var reply = login("alice.expires-in");
    assertThat(reply.get("expires_in").intValue()).isEqualTo(7200);
    assertThat(reply.get("nickname").textValue()).isEqualTo("小明");
    assertThat(names(reply)).contains("openid", "session_key", "future");
  }

  @Test
  void delayedAnswerComesAfterTheDelay() throws Exception {
    var start = System.nanoTime();
    assertThat(errcode(login("alice.delay=150.errcode=-1.7"))).isEqualTo(-1);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  @Test
  void delayedAnswerDoesNotBlockOtherCalls() throws Exception {
    var waiting = new ArrayList<Socket>();
    for (int i = 0; i < 50; i++) {
      waiting.add(ask("alice.delay=60000." + i));
    }
    assertThat(login("bob.1").has("openid")).isTrue();
    for (var socket : waiting) {
      assertThat(socket.getInputStream().available()).isZero();
      socket.close();
    }
  }

  @Test
  void codeCanResetTheConnection() {
    assertThatThrownBy(() -> bytesAnswering("alice.reset"))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void codeCanCloseTheConnectionWithoutAnAnswer() throws Exception {
    assertThat(bytesAnswering("alice.close")).isEmpty();
  }

  @Test
  void codeSelectsTheStatus() throws Exception {
    var response = send(SHOP, "alice.status=502");
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(contentType(response)).isEqualTo("text/html");
    assertThat(body(response)).startsWith("<html>").contains("502");
  }

  @Test
  void codeCanReplaceJsonWithHtml() throws Exception {
    var response = send(SHOP, "alice.html");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(contentType(response)).isEqualTo("text/html");
    assertThat(body(response)).startsWith("<html>");
  }

  @Test
  void bodyCanBeEmpty() throws Exception {
    var response = send(SHOP, "alice.empty");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void bodyCanBeTruncated() throws Exception {
    var response = send(SHOP, "alice.truncated");
    assertThat(response.headers().firstValueAsLong("Content-Length"))
        .hasValue(response.body().length);
    assertThat(body(response)).startsWith("{\"session_key\":");
    assertThatThrownBy(() -> json(response)).isInstanceOf(IOException.class);
  }

  @Test
  void connectionCanCloseWithinTheBody() throws Exception {
    assertThat(bytesAnswering("alice.cut")).contains("{\"session_key\":").doesNotContain("}");
    assertThatThrownBy(() -> send(SHOP, "bob.cut")).isInstanceOf(IOException.class);
  }

  @Test
  void bodyCanBeHugeWithoutAContentLength() throws Exception {
    var response = send(SHOP, "alice.huge");
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    assertThat(response.body()).hasSizeGreaterThan(EIGHT_MEGABYTES);
    assertThat(json(response).has("openid")).isTrue();
  }

  @Test
  void bodyCanBeHugeWithAContentLength() throws Exception {
    var response = send(SHOP, "alice.huge-declared");
    assertThat(response.headers().firstValueAsLong("Content-Length").orElseThrow())
        .isGreaterThan(EIGHT_MEGABYTES);
    assertThat(json(response).has("openid")).isTrue();
  }

  @Test
  void callerCanDisconnectAtAnyTime() throws Exception {
    ask("alice.huge").close();
    ask("alice.delay=1").close();
    assertThat(login("bob.1").has("openid")).isTrue();
  }

  // Outages

  @Test
  void closedSimulatorRefusesConnectionsUntilItRestartsOnItsPort() throws Exception {
    var port = wechat.uri().getPort();
    login("alice.1");
    wechat.close();
    assertThatThrownBy(() -> login("alice.2")).isInstanceOf(ConnectException.class);
    try (var back = WechatSimulator.start(Clock.systemUTC(), port, SHOP)) {
      assertThat(back.uri()).isEqualTo(wechat.uri());
      assertThat(login("alice.3").has("openid")).isTrue();
    }
  }

  @Test
  void closeEndsPendingCalls() throws Exception {
    try (var socket = ask("alice.delay=60000")) {
      awaitCall("alice.delay=60000");
      wechat.close();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void portInUseIsReportedToTheCaller() {
    var port = wechat.uri().getPort();
    assertThatThrownBy(() -> WechatSimulator.start(Clock.systemUTC(), port, SHOP))
        .hasRootCauseInstanceOf(BindException.class);
  }

  private JsonNode login(String code) throws Exception {
    return json(send(SHOP, code));
  }

  private HttpResponse<byte[]> send(App app, String code) throws Exception {
    return send(wechat, app, code);
  }

  private HttpResponse<byte[]> send(WechatSimulator to, App app, String code) throws Exception {
    return client.send(get(to.uri().resolve(target(app, code))), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String target) throws Exception {
    return client.send(get(wechat.uri().resolve(target)), BodyHandlers.ofByteArray());
  }

  private HttpRequest request(App app, String code) {
    return get(wechat.uri().resolve(target(app, code)));
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
  }

  private static String target(App app, String code) {
    return "/sns/jscode2session?appid=%s&secret=%s&js_code=%s&grant_type=authorization_code"
        .formatted(app.appid(), app.secret(), URLEncoder.encode(code, UTF_8));
  }

  /** Avoids the JDK's client, which repeats a GET if the connection ends before the answer. */
  private String bytesAnswering(String code) throws IOException {
    try (var socket = ask(code)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private Socket ask(String code) throws IOException {
    var socket = connect();
    write(socket, target(SHOP, code));
    return socket;
  }

  private void awaitCall(String code) {
    await().pollInterval(Duration.ofMillis(5)).until(() -> wechat.callsWith(code) > 0);
  }

  private Socket connect() throws IOException {
    var socket = new Socket("127.0.0.1", wechat.uri().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void write(Socket socket, String target) throws IOException {
    var request = "GET " + target + " HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  private JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return mapper.readTree(response.body());
  }

  private static String body(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static String contentType(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElseThrow();
  }

  private static long errcode(JsonNode reply) {
    return reply.get("errcode").longValue();
  }

  private static Set<String> names(JsonNode reply) {
    var names = new HashSet<String>();
    reply.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
