package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.EventSender.newId;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import io.minilogin.dev.PushSender.Push;
import io.minilogin.it.SharedService.Instances;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat's events reach the backend of their route, and no other event does. */
@ExtendWith(SharedService.class)
class PushIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final int LARGEST = 64 * 1024;

  /** Longer than the time in which an event is answered, on a busy machine. */
  private static final Duration IN_TIME = Duration.ofMillis(4950);

  private final EventSender encrypting = EventSender.of(APP);
  private final EventSender plain = EventSender.of(OTHER_APP);
  private final Instances instances;
  private final EventBackend backend;
  private final String id = newId();

  PushIT(Instances instances) {
    this.instances = instances;
    backend = instances.backend();
  }

  // Modes and formats

  @ParameterizedTest
  @CsvSource({"SAFE,JSON", "SAFE,XML", "MIXED,JSON", "MIXED,XML", "PLAIN,JSON", "PLAIN,XML"})
  void eventIsDeliveredAsItWasDecrypted(Mode mode, Format format) {
    var from = mode == Mode.PLAIN ? plain : encrypting;
    var event = from.event("test_event", id, "");
    var content = from.sender().push(Mode.PLAIN, format, event).body();
    var request =
        from.request(instances.one().traffic(), from.sender().push(mode, format, event))
            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");
    var response = EventSender.send(request.build()).join();
    assertThat(response.body()).isEqualTo("success");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(response.headers().firstValue("Cache-Control")).isEmpty();
    assertThat(backend.deliveries(id)).hasSize(1);
    var delivery = backend.deliveries(id).get(0);
    assertThat(delivery.body()).isEqualTo(content);
    assertThat(delivery.uri()).isEqualTo("/events?from=wechat");
    var headers = delivery.headers();
    assertThat(headers.get("X-WX-OPENID")).isEqualTo(EventSender.OPENID);
    assertThat(headers.get("X-WX-APPID")).isEqualTo(from.app().appid());
    assertThat(headers.get("X-WX-SOURCE")).isEqualTo("wx_push");
    assertThat(headers.get("Content-Type"))
        .startsWith(format == Format.XML ? "text/xml" : "application/json");
    assertThat(headers.get("traceparent")).matches("00-" + TRACE + "-[0-9a-f]{16}-0[01]");
    assertThat(headers.get("Authorization")).isEqualTo(GatewayClient.basic("user", "pa55word"));
  }

  @ParameterizedTest
  @CsvSource({"SAFE,JSON", "SAFE,XML", "MIXED,JSON", "MIXED,XML"})
  void replyIsEncryptedInTheFormatOfTheRequest(Mode mode, Format format) {
    var event = encrypting.event("test_event", id, "reply");
    var response = post(encrypting, encrypting.sender().push(mode, format, event));
    assertThat(response.body()).startsWith(format == Format.XML ? "<xml>" : "{");
    assertThat(encrypting.sender().decrypt(response.body())).isEqualTo(EventBackend.REPLY);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith(format == Format.XML ? "text/xml" : "application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reply", "interim", "gzip", "identity"})
  void replyToAPlainEventIsPassedOnUnchanged(String what) {
    var event = plain.event("test_event", id, what);
    var response = post(plain, plain.sender().push(Mode.PLAIN, Format.JSON, event));
    assertThat(response.body()).isEqualTo(EventBackend.REPLY);
  }

  @Test
  void emptyAnswerIsPassedOn() {
    var response = post(encrypting, encrypting.push("test_event", id, "nothing"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void urlIsCheckedInEveryMode() {
    for (var from : List.of(encrypting, plain)) {
      var check = from.sender().check("hello <b>");
      var response = from.check(instances.one(), check);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("hello <b>");
      assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
      for (var parameter : List.of("signature", "timestamp", "nonce")) {
        assertRefused(
            from.check(instances.one(), check.with(parameter, "1")), 403, "push-rejected");
        assertRefused(from.check(instances.one(), check.with(parameter, "")), 403, "push-rejected");
      }
    }
  }

  // Rejected requests

  @Test
  void changedRequestIsRejected() {
    var push = encrypting.push("test_event", id, "");
    var other = encrypting.push("test_event", id, "");
    Stream.of(
            push.with("msg_signature", "0"),
            push.with("msg_signature", ""),
            push.with("msg_signature", push.query().get("signature")),
            push.with("timestamp", "1"),
            push.with("nonce", "1"),
            push.withBody(other.body()),
            push.withBody("{\"Encrypt\":\"\"}"))
        .forEach(changed -> assertRefused(post(encrypting, changed), 403, "push-rejected"));
    assertThat(backend.deliveries(id)).isEmpty();
  }

  @Test
  void plainEventIsRejectedNextToAKey() {
    var event = encrypting.event("xpay_goods_deliver_notify", id, "");
    var push = encrypting.sender().push(Mode.PLAIN, Format.JSON, event);
    assertRefused(post(encrypting, push), 403, "push-rejected");
    assertRefused(post(encrypting, push.with("encrypt_type", "raw")), 403, "push-rejected");
    assertThat(backend.deliveries(id)).isEmpty();
  }

  @Test
  void eventOfAnotherAppIsRejected() {
    var push = EventSender.of(OTHER_APP).push("test_event", id, "");
    assertRefused(post(encrypting, push), 403, "push-rejected");
    assertThat(backend.deliveries(id)).isEmpty();
  }

  @Test
  void oldEventIsRejectedAndCounted() {
    var yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
    var old = EventSender.of(APP, EventSender.TOKEN, EventSender.AES_KEY, yesterday);
    assertRefused(post(old, old.push("test_event", id, "")), 403, "push-rejected");
    assertThat(instances.one().client().metrics())
        .containsPattern(
            "mini_login_push_events_total\\{app=\"%s\",event=\"unknown\",outcome=\"rejected-age\""
                .formatted(APP.appid()));
  }

  @Test
  void malformedEventIsABadRequest() {
    for (var body : List.of("", "text", "{}", "{\"Event\":", "<xml>", "<!DOCTYPE a><xml/>")) {
      var push = plain.sender().push(Mode.PLAIN, body);
      assertRefused(post(plain, push), 400, "invalid-request");
    }
  }

  @Test
  void bodyOfUpTo64KilobytesIsAccepted() {
    var event = plain.event("test_event", id, "");
    var rest = LARGEST - event.put("Fill", "").toString().length();
    var largest = plain.sender().push(Mode.PLAIN, Format.JSON, event.put("Fill", "x".repeat(rest)));
    assertThat(post(plain, largest).statusCode()).isEqualTo(200);
    assertThat(backend.deliveries(id)).hasSize(1);
    assertRefused(post(plain, largest.withBody(largest.body() + " ")), 413, "content-too-large");
    var chunked =
        plain
            .request(instances.one().traffic(), largest)
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(largest.body() + " ")))
            .build();
    assertRefused(EventSender.send(chunked).join(), 413, "content-too-large");
  }

  @Test
  void appWithoutATokenHasNoUrl() {
    var without = EventSender.of(Surroundings.SINGLE_USE_APPS.get(0));
    assertRefused(post(without, without.push("test_event", id, "")), 404, "not-found");
    var unknown = URI.create(instances.one().traffic() + "/push/wx0000000000000000");
    assertRefused(
        EventSender.send(HttpRequest.newBuilder(unknown).build()).join(), 404, "not-found");
  }

  // Backends that fail

  @ParameterizedTest
  @ValueSource(strings = {"fail", "redirect", "reset", "huge", "endless", "unknown-coding"})
  void failureOfTheBackendIsNotAcknowledgedAndARepeatIsDelivered(String what) {
    var push = encrypting.push("test_event", id, what);
    assertRefused(post(encrypting, push), 502, "backend-failed");
    assertThat(backend.deliveries(id)).hasSize(1);
    assertRefused(post(encrypting, push), 502, "backend-failed");
    assertThat(backend.deliveries(id)).hasSize(2);
  }

  @Test
  void unreachableBackendIsLoggedWithoutItsPassword() {
    assertRefused(post(encrypting, encrypting.push("dead_event", id, "")), 502, "backend-failed");
    assertThat(instances.one().lines())
        .anyMatch(
            line ->
                line.contains("An event was not delivered")
                    && line.contains("push.routes[0]")
                    && line.contains("the connection was refused"))
        .noneMatch(line -> line.contains("pa55word"))
        .noneMatch(line -> line.contains(EventSender.OPENID));
  }

  @Test
  void backendThatDoesNotAnswerIsATimeout() {
    var push = encrypting.push("test_event", id, "hang");
    var watch = Stopwatch.start();
    var first = encrypting.send(instances.one(), push);
    await().until(() -> !backend.deliveries(id).isEmpty());
    // The repeat waits for the answer of the first delivery.
    var repeat = encrypting.send(instances.two(), push);
    assertRefused(first.join(), 504, "backend-timeout");
    assertThat(watch.elapsed()).isLessThan(IN_TIME);
    assertThat(repeat.join().statusCode()).isIn(503, 504);
  }

  @Test
  void answerOfTheLargestSizeIsEncryptedAndStored() {
    var push = encrypting.push("test_event", id, "largest");
    for (var service : List.of(instances.one(), instances.two())) {
      assertThat(encrypting.sender().decrypt(encrypting.post(service, push).body()))
          .hasSize(EventBackend.LARGEST);
    }
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  // Repeats

  @Test
  void repeatGetsTheStoredAnswerAtEachInstance() {
    var event = encrypting.event("xpay_goods_deliver_notify", id, "reply");
    for (var service : List.of(instances.one(), instances.two(), instances.one())) {
      var push = encrypting.sender().push(Mode.SAFE, Format.XML, event);
      assertThat(encrypting.sender().decrypt(encrypting.post(service, push).body()))
          .isEqualTo(EventBackend.REPLY);
    }
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  @Test
  void concurrentRepeatsLeadToOneDelivery() {
    var push = encrypting.push("test_event", id, "slow");
    var responses =
        IntStream.range(0, 10)
            .mapToObj(i -> encrypting.send(i % 2 == 0 ? instances.one() : instances.two(), push))
            .toList();
    assertThat(responses.stream().map(CompletableFuture::join))
        .allMatch(response -> response.body().equals("success"));
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  @Test
  void repeatAfterAFailureIsDeliveredOnce() {
    var push = encrypting.push("test_event", id, "fail-once");
    assertRefused(post(encrypting, push), 502, "backend-failed");
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    assertThat(backend.deliveries(id)).hasSize(2);
  }

  @Test
  void refusalOfTheBackendIsPassedOnAndNotStored() {
    var push = encrypting.push("xpay_goods_deliver_notify", id, "refuse");
    for (int i = 0; i < 2; i++) {
      assertThat(encrypting.sender().decrypt(post(encrypting, push).body()))
          .isEqualTo(EventBackend.REFUSAL);
    }
    assertThat(backend.deliveries(id)).hasSize(2);
  }

  @Test
  void messageWithAKnownMsgIdIsARepeat() {
    var message = encrypting.event("text", id, "").put("MsgId", id);
    post(encrypting, encrypting.sender().push(Mode.SAFE, Format.JSON, message));
    post(encrypting, encrypting.sender().push(Mode.SAFE, Format.JSON, message.put("Again", true)));
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageInRedisIsIgnored(List<String> command) {
    var message = encrypting.event("text", id, "").put("MsgId", id);
    var key = "ml:e:" + RedisConnection.sessionId(APP.appid() + "\0id\0" + id);
    try (var redis = new RedisConnection(instances.surroundings().redis())) {
      var parts = new ArrayList<Object>(command);
      parts.add(1, key);
      redis.send(parts.toArray());
      redis.send("PEXPIRE", key, "60000");
    }
    var push = encrypting.sender().push(Mode.SAFE, Format.JSON, message);
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  static Stream<List<String>> garbage() {
    return Stream.of(
        List.of("SET", "garbage"),
        List.of("SET", ""),
        List.of("SET", "x".repeat(1_000_000)),
        List.of("RPUSH", "a list"));
  }

  // Users who leave

  @Test
  void cancellationEndsTheSessionsAndDeletesTheUser() {
    var user = newUser();
    var openid = instances.wechat().openidOf(APP.appid(), user);
    var tokens =
        List.of(
            instances.one(APP).tokenFor(codeOf(user)), instances.two(APP).tokenFor(codeOf(user)));
    var event = encrypting.event("user_authorization_cancellation", id, "");
    var withoutOpenid = encrypting.sender().push(Mode.SAFE, Format.JSON, event);
    assertRefused(post(encrypting, withoutOpenid.with("openid", openid)), 400, "invalid-request");
    instances.one(APP).verify(tokens.get(0)).then().statusCode(200);

    var push = encrypting.sender().push(Mode.SAFE, Format.JSON, event.put(" OpenID", openid));
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    tokens.forEach(token -> instances.two(APP).verify(token).then().statusCode(401));
    assertThat(backend.deliveries(id)).hasSize(1);
    assertThat(backend.deliveries(id).get(0).headers().get("X-WX-OPENID")).isEqualTo(openid);

    // A repeat does not end the sessions of a user who has come back.
    var later = instances.one(APP).tokenFor(codeOf(user));
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    instances.one(APP).verify(later).then().statusCode(200);
  }

  @Test
  void sessionsEndEvenIfTheBackendFails() {
    var user = newUser();
    var openid = instances.wechat().openidOf(APP.appid(), user);
    var token = instances.one(APP).tokenFor(codeOf(user));
    var event =
        encrypting.event("user_authorization_cancellation", id, "fail").put("OpenID", openid);
    var push = encrypting.sender().push(Mode.SAFE, Format.JSON, event);
    assertRefused(post(encrypting, push), 502, "backend-failed");
    instances.two(APP).verify(token).then().statusCode(401);
  }

  @Test
  void revocationOfAPermissionEndsNoSession() {
    var user = newUser();
    var openid = instances.wechat().openidOf(APP.appid(), user);
    var token = instances.one(APP).tokenFor(codeOf(user));
    var event = encrypting.event("user_authorization_revoke", id, "").put("OpenID", openid);
    post(encrypting, encrypting.sender().push(Mode.SAFE, Format.JSON, event));
    assertThat(backend.deliveries(id)).hasSize(1);
    instances.one(APP).verify(token).then().statusCode(200);
  }

  // Routes

  @Test
  void eventWithoutARouteIsAcknowledgedCountedAndLogged() {
    var push = encrypting.push("unheard_of_" + id, id, "");
    assertThat(post(encrypting, push).body()).isEqualTo("success");
    assertThat(backend.deliveries(id)).isEmpty();
    assertThat(instances.one().client().metrics())
        .containsPattern(
            "mini_login_push_events_total\\{app=\"%s\",event=\"other\",outcome=\"unrouted\""
                .formatted(APP.appid()));
    assertThat(instances.one().lines())
        .anyMatch(line -> line.contains("no route takes it"))
        .noneMatch(line -> line.contains("unheard_of_"));
  }

  @Test
  void backendThatDoesNotAnswerAffectsNoOtherRouteAndNoLogin() {
    var hanging =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    encrypting.send(
                        instances.one(), encrypting.push("full_event", newId(), "hang")))
            .toList();
    for (int i = 0; i < 5; i++) {
      var other = newId();
      assertThat(post(encrypting, encrypting.push("test_event", other, "")).body())
          .isEqualTo("success");
      instances.one(APP).tokenFor(codeOf(newUser()));
    }
    var kinds = Crowd.kinds(hanging.stream().map(CompletableFuture::join).toList());
    assertThat(kinds).containsOnlyKeys("504 backend-timeout", "503 backend-busy");
  }

  private HttpResponse<String> post(EventSender from, Push push) {
    return from.post(instances.one(), push);
  }

  private static void assertRefused(HttpResponse<String> response, int status, String problem) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    var body = JsonPath.from(response.body());
    assertThat(body.getString("type")).isEqualTo("urn:mini-login:problem:" + problem);
    assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(status > 500);
  }
}
