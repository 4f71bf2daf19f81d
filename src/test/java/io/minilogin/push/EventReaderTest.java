package io.minilogin.push;

import static io.minilogin.push.Pushing.AES_KEY;
import static io.minilogin.push.Pushing.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.app.PushKeys;
import io.minilogin.app.Secret;
import io.minilogin.dev.PushSender;
import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import io.minilogin.dev.PushSender.Push;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.push.Rejection.RejectedException;
import io.vertx.core.MultiMap;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service believes only requests that WeChat has signed, and reads only what is signed. */
class EventReaderTest {
  private static final String APPID = "wx1111111111111111";
  private static final String EVENT = "user_info_modified";
  private static final String OTHER_KEY = "B".repeat(42) + "A";
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-05-01T12:00:00Z"), ZoneOffset.UTC);
  private static final PushKeys PLAIN = Pushing.keys(TOKEN);
  private static final PushKeys SAFE = Pushing.keys(TOKEN, AES_KEY);

  private final PushSender sender = sender(APPID, TOKEN, AES_KEY, NOW);

  @ParameterizedTest
  @CsvSource({"SAFE,JSON", "SAFE,XML", "MIXED,JSON", "MIXED,XML"})
  void encryptedEventIsRead(Mode mode, Format format) {
    var event = read(SAFE, push(mode, format));
    assertThat(event.name()).isEqualTo(EVENT);
    assertThat(event.user()).contains("o-1");
    assertThat(event.envelope().name()).isEqualTo(format.name());
    assertThat(event.sealing()).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void plainEventIsReadWithoutAKey(Format format) {
    var push = push(Mode.PLAIN, format);
    var event = read(PLAIN, push);
    assertThat(event.name()).isEqualTo(EVENT);
    assertThat(event.content()).isEqualTo(push.body().getBytes(UTF_8));
    assertThat(event.sealing()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "aes", "raw"})
  void plainEventIsRejectedNextToAKey(String encryptType) {
    var push = push(Mode.PLAIN, Format.JSON).with("encrypt_type", encryptType);
    rejects(Rejection.ENCRYPTION, () -> read(SAFE, push));
    var signature = push.query().get("signature");
    rejects(Rejection.ENCRYPTION, () -> read(SAFE, push.with("msg_signature", signature)));
  }

  @Test
  void clearFieldsOfMixedModeAreNotRead() {
    var push = push(Mode.MIXED, Format.JSON);
    var changed =
        push.withBody(push.body().replace(EVENT, "xpay_goods_deliver_notify").replace("o-1", "o2"));
    var event = read(SAFE, changed);
    assertThat(event.name()).isEqualTo(EVENT);
    assertThat(event.user()).contains("o-1");
  }

  @Test
  void encryptedEventIsRejectedWithoutAKey() {
    rejects(Rejection.ENCRYPTION, () -> read(PLAIN, push(Mode.SAFE, Format.JSON)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"msg_signature", "timestamp", "nonce"})
  void changedParameterIsRejected(String parameter) {
    var push = push(Mode.SAFE, Format.JSON);
    var changed = push.with(parameter, push.query().get(parameter) + "0");
    rejects(Rejection.SIGNATURE, () -> read(SAFE, changed));
  }

  @Test
  void parameterWithTwoValuesIsRejected() {
    var push = push(Mode.SAFE, Format.JSON);
    var query = parameters(push).add("nonce", "1");
    rejects(Rejection.SIGNATURE, () -> read(SAFE, query, push.body()));
  }

  @Test
  void changedCiphertextIsRejected() {
    var push = push(Mode.SAFE, Format.JSON);
    var other = push(Mode.SAFE, Format.JSON);
    rejects(Rejection.SIGNATURE, () -> read(SAFE, push.withBody(other.body())));
  }

  @Test
  void eventOfAnotherAppIsRejected() {
    var other = sender("wx2222222222222222", TOKEN, AES_KEY, NOW);
    var push = other.push(Mode.SAFE, Format.JSON, other.event(EVENT, "o-1"));
    rejects(Rejection.APPID, () -> read(SAFE, push));
  }

  @ParameterizedTest
  @EnumSource
  void appidInTheMessageMustBeThatOfThePath(Mode mode) {
    var keys = mode == Mode.PLAIN ? PLAIN : SAFE;
    var event = sender.event(EVENT, "o-1").put("appid", "wx2222222222222222");
    var other = sender.push(mode, Format.JSON, event);
    rejects(Rejection.APPID, () -> read(keys, other));
    var same = sender.push(mode, Format.JSON, event.put("appid", APPID));
    assertThat(read(keys, same).name()).isEqualTo(EVENT);
  }

  @Test
  void malformedContentWithARightSignatureIsABadRequest() {
    for (var encrypted :
        List.of("AAAA", "no base64", sender(APPID, TOKEN, OTHER_KEY, NOW).encrypt("{}"))) {
      isInvalid(() -> read(SAFE, signed(encrypted)));
    }
    isInvalid(() -> read(SAFE, signed(sender.encrypt("no JSON"))));
    isInvalid(() -> read(SAFE, signed(sender.encrypt("{}"))));
    isInvalid(() -> read(SAFE, push(Mode.SAFE, Format.JSON).withBody("no JSON")));
    isInvalid(() -> read(PLAIN, push(Mode.PLAIN, Format.JSON).withBody("no JSON")));
  }

  @ParameterizedTest
  @CsvSource({"0, true", "3600, true", "-3600, true", "3601, false", "-3601, false"})
  void ageOfAnEventIsLimitedInBothDirections(long seconds, boolean isAccepted) {
    var then = Clock.offset(NOW, Duration.ofSeconds(-seconds));
    for (var mode : Mode.values()) {
      var keys = mode == Mode.PLAIN ? PLAIN : SAFE;
      var old = sender(APPID, TOKEN, AES_KEY, then);
      var push = old.push(mode, Format.JSON, old.event(EVENT, "o-1"));
      if (isAccepted) {
        assertThat(read(keys, push).name()).isEqualTo(EVENT);
      } else {
        rejects(Rejection.AGE, () -> read(keys, push));
      }
    }
  }

  @Test
  void timestampThatIsNotANumberIsRejected() {
    var signature = PushSender.signature(TOKEN, "1e9", "1");
    var query = MultiMap.caseInsensitiveMultiMap();
    query.addAll(Map.of("signature", signature, "timestamp", "1e9", "nonce", "1"));
    rejects(Rejection.AGE, () -> read(PLAIN, query, "{\"Event\":\"x\"}"));
  }

  @Test
  void zeroTurnsTheAgeLimitOff() {
    var then = Clock.offset(NOW, Duration.ofDays(-1000));
    var old = sender(APPID, TOKEN, AES_KEY, then);
    var push = old.push(Mode.SAFE, Format.JSON, old.event(EVENT, "o-1"));
    var reader = reader(Map.of("push.max-age", "0S"));
    var event = reader.read(APPID, SAFE, PushQuery.of(parameters(push)), bytes(push.body()));
    assertThat(event.name()).isEqualTo(EVENT);
  }

  @Test
  void checkOfTheUrlHasNoAgeLimit() {
    var old = sender(APPID, TOKEN, AES_KEY, Clock.offset(NOW, Duration.ofDays(-1000)));
    assertThat(reader(Map.of()).echo(SAFE, PushQuery.of(parameters(old.check("hello")))))
        .isEqualTo("hello");
  }

  @Test
  void previousTokenAndKeyAreAcceptedAndUsedForTheReply() {
    var rotated =
        new PushKeys(
            List.of(new Secret("another-token"), new Secret(TOKEN)),
            List.of(new Secret(OTHER_KEY), new Secret(AES_KEY)));
    var event = read(rotated, push(Mode.SAFE, Format.XML));
    var reply = event.reply(bytes("<xml>hello</xml>"));
    assertThat(reply.mediaType()).startsWith("text/xml");
    assertThat(sender.decrypt(new String(reply.body(), UTF_8))).isEqualTo("<xml>hello</xml>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "success", " success\n"})
  void acknowledgementIsNotEncrypted(String answer) {
    var reply = read(SAFE, push(Mode.SAFE, Format.JSON)).reply(bytes(answer));
    assertThat(reply.body()).isEqualTo(bytes(answer));
    assertThat(reply.mediaType()).startsWith("text/plain");
  }

  @Test
  void replyToAPlainEventIsNotEncrypted() {
    var reply = read(PLAIN, push(Mode.PLAIN, Format.JSON)).reply(bytes("{\"ErrCode\":0}"));
    assertThat(new String(reply.body(), UTF_8)).isEqualTo("{\"ErrCode\":0}");
    assertThat(reply.mediaType()).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {" OpenID", "openid", "OPENID"})
  void openidOfTheMessagePrecedesTheSender(String name) {
    var event = sender.event(EVENT, "gh_fixed").put(name, " o-2 ");
    var push = sender.push(Mode.SAFE, Format.JSON, event).with("openid", "o-3");
    assertThat(read(SAFE, push).user()).contains("o-2");
  }

  @Test
  void eventWithoutAUserIsRead() {
    var push = sender.push(Mode.SAFE, "{\"Event\":\"" + EVENT + "\"}").with("openid", "o-3");
    assertThat(read(SAFE, push).user()).isEmpty();
  }

  @Test
  void messageWithoutAnEventHasTheNameOfItsType() {
    assertThat(read(SAFE, sender.push(Mode.SAFE, "{\"MsgType\":\"text\"}")).name())
        .isEqualTo("text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nX-Evil: 1", "中文", "a b"})
  void userThatFitsInNoHeaderIsABadRequest(String openid) {
    var message = "{\"Event\":\"%s\",\"OpenID\":\"%s\"}".formatted(EVENT, openid);
    isInvalid(() -> read(SAFE, sender.push(Mode.SAFE, message)));
  }

  @Test
  void cancellationWithoutOpenidIsABadRequest() {
    var event = sender.event(PushEvent.CANCELLATION, "o-1");
    isInvalid(() -> read(SAFE, sender.push(Mode.SAFE, Format.JSON, event)));
    assertThat(
            read(SAFE, sender.push(Mode.SAFE, Format.JSON, event.put("OpenID", "o-2"))).leaving())
        .hasFieldOrPropertyWithValue("openid", "o-2");
  }

  // Repeats

  @Test
  void repeatsHaveTheSameHash() {
    var event = sender.event(EVENT, "o-1");
    var first = read(SAFE, sender.push(Mode.SAFE, Format.JSON, event));
    var second = read(SAFE, sender.push(Mode.SAFE, Format.JSON, event));
    assertThat(second.hash()).isEqualTo(first.hash());
  }

  @Test
  void eventsOfOneUserInOneSecondAreDifferentEvents() {
    var one = sender.event(EVENT, "o-1").put("OutTradeNo", "1");
    var two = sender.event(EVENT, "o-1").put("OutTradeNo", "2");
    assertThat(hash(one.toString())).isNotEqualTo(hash(two.toString()));
  }

  @Test
  void messagesWithOneMsgIdAreRepeats() {
    assertThat(hash("{\"MsgType\":\"text\",\"MsgId\":1,\"a\":1}"))
        .isEqualTo(hash("{\"MsgType\":\"text\",\"MsgId\":\"1\",\"a\":2}"));
    assertThat(hash("{\"MsgType\":\"text\",\"MsgId\":0,\"a\":1}"))
        .isNotEqualTo(hash("{\"MsgType\":\"text\",\"MsgId\":0,\"a\":2}"));
  }

  private String hash(String message) {
    return read(SAFE, sender.push(Mode.SAFE, message)).hash();
  }

  private Push push(Mode mode, Format format) {
    return sender.push(mode, format, sender.event(EVENT, "o-1"));
  }

  /** Returns a request with this text as the encrypted message, and its right signature. */
  private Push signed(String encrypted) {
    var push = push(Mode.SAFE, Format.JSON);
    var query = push.query();
    var signature =
        PushSender.signature(TOKEN, query.get("timestamp"), query.get("nonce"), encrypted);
    return push.with("msg_signature", signature).withBody("{\"Encrypt\":\"" + encrypted + "\"}");
  }

  private static PushSender sender(String appid, String token, String aesKey, Clock clock) {
    return new PushSender(appid, token, Optional.of(aesKey), clock);
  }

  private static EventReader reader(Map<String, String> properties) {
    return new EventReader(Pushing.settings(properties), new SecureRandom(), NOW);
  }

  private static PushEvent read(PushKeys keys, Push push) {
    return read(keys, parameters(push), push.body());
  }

  private static PushEvent read(PushKeys keys, MultiMap query, String body) {
    return reader(Map.of()).read(APPID, keys, PushQuery.of(query), bytes(body));
  }

  private static MultiMap parameters(Push push) {
    return MultiMap.caseInsensitiveMultiMap().addAll(push.query());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void rejects(Rejection why, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            RejectedException.class, rejected -> assertThat(rejected.why()).isEqualTo(why));
  }

  private static void isInvalid(ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST));
  }
}
