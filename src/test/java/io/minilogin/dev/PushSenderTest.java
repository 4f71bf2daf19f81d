package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import io.minilogin.dev.PushSender.Push;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors are those of WeChat's documentation. */
class PushSenderTest {
  private static final String APPID = "wxba5fad812f8e6fb9";
  private static final String TOKEN = "AAAAA";
  private static final String KEY = "A".repeat(43);
  private static final String REQUEST =
      "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJG"
          + "QqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrf"
          + "MZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgR"
          + "tWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";
  private static final String REPLY =
      "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";

  private final PushSender sender =
      new PushSender(
          APPID,
          TOKEN,
          Optional.of(KEY),
          Clock.fixed(Instant.ofEpochSecond(1714112445), ZoneOffset.UTC));
  private final PushCipher cipher = new PushCipher(APPID, KEY);

  @Test
  void signaturesAreThoseOfTheDocumentation() {
    assertThat(PushSender.signature(TOKEN, "1714036504", "1514711492"))
        .isEqualTo("f464b24fc39322e44b38aa78f5edd27bd1441696");
    assertThat(PushSender.signature(TOKEN, "1714112445", "415670741", REQUEST))
        .isEqualTo("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3");
  }

  @Test
  void encryptionIsThatOfTheDocumentation() {
    assertThat(cipher.decrypt(REQUEST)).contains("\"debug_str\":\"hello world\"");
    assertThat(cipher.encrypt("707722b803182950".getBytes(UTF_8), "{\"demo_resp\":\"good luck\"}"))
        .isEqualTo(REPLY);
    assertThat(
            sender.decrypt(
                """
                {"Encrypt":"%s","MsgSignature":"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",\
                "TimeStamp":1713424427,"Nonce":"415670741"}"""
                    .formatted(REPLY)))
        .isEqualTo("{\"demo_resp\":\"good luck\"}");
  }

  @Test
  void checkOfTheUrlIsSigned() {
    var check = sender.check("4375&120").query();
    assertThat(check)
        .containsEntry("echostr", "4375&120")
        .containsEntry("timestamp", "1714112445")
        .containsEntry("signature", signature(check.get("nonce")));
    assertThat(sender.check("4375&120").target("/push/a")).endsWith("&echostr=4375%26120");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void plainEventIsTheBody(Format format) {
    var push = sender.push(Mode.PLAIN, format, sender.event("debug_demo", "o1"));
    assertThat(PushMessage.read(push.body()).path("Event").textValue()).isEqualTo("debug_demo");
    assertThat(push.query())
        .containsOnlyKeys("signature", "timestamp", "nonce", "openid")
        .containsEntry("openid", "o1")
        .containsEntry("signature", signature(push.query().get("nonce")));
  }

  @ParameterizedTest
  @CsvSource({"SAFE, JSON", "SAFE, XML", "MIXED, JSON", "MIXED, XML"})
  void encryptedEventIsSignedAndDecrypts(Mode mode, Format format) {
    var event = sender.event("debug_demo", "o1").put("Text", "<]]>&小明");
    event.putObject("GoodsInfo").put("ProductId", "p1").put("Quantity", 2);
    var push = sender.push(mode, format, event);
    var envelope = PushMessage.read(push.body());
    assertThat(envelope.has("Event")).isEqualTo(mode == Mode.MIXED);
    var read = PushMessage.read(cipher.decrypt(encrypted(push)));
    assertThat(read.path("Text").textValue()).isEqualTo("<]]>&小明");
    assertThat(read.path("GoodsInfo").path("Quantity").asInt()).isEqualTo(2);
    var nonce = push.query().get("nonce");
    assertThat(push.query())
        .containsEntry("encrypt_type", "aes")
        .containsEntry("signature", signature(nonce))
        .containsEntry(
            "msg_signature", PushSender.signature(TOKEN, "1714112445", nonce, encrypted(push)));
    assertThat(push.body().startsWith("<")).isEqualTo(format == Format.XML);
  }

  @Test
  void changedRequestKeepsItsOtherParts() {
    var push = sender.push(Mode.SAFE, "{\"Event\":\"e\"}");
    assertThat(push.with("msg_signature", "").query()).doesNotContainKey("msg_signature");
    assertThat(push.with("nonce", "1").withBody("{}"))
        .isEqualTo(new Push(push.with("nonce", "1").query(), "application/json", "{}"));
  }

  @Test
  void encryptedReplyInXmlIsRead() {
    var signature = PushSender.signature(TOKEN, "1713424427", "415670741", REPLY);
    var reply =
        """
        <xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature><![CDATA[%s]]></MsgSignature>\
        <TimeStamp>1713424427</TimeStamp><Nonce><![CDATA[415670741]]></Nonce></xml>"""
            .formatted(REPLY, signature);
    assertThat(sender.decrypt(reply)).isEqualTo("{\"demo_resp\":\"good luck\"}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sender.decrypt(reply.replace("1713424427", "1713424428")));
  }

  @Test
  void textForAnotherAppOrKeyIsRejected() {
    var other = new PushCipher("wx0000000000000000", KEY).encrypt(new byte[16], "{}");
    assertThatIllegalArgumentException().isThrownBy(() -> cipher.decrypt(other));
    var otherKey = new PushCipher(APPID, "B".repeat(42) + "A").encrypt(new byte[16], "{}");
    assertThatIllegalArgumentException().isThrownBy(() -> cipher.decrypt(otherKey));
    assertThatIllegalArgumentException().isThrownBy(() -> new PushCipher(APPID, "A".repeat(42)));
  }

  private static String signature(String nonce) {
    return PushSender.signature(TOKEN, "1714112445", nonce);
  }

  private static String encrypted(Push push) {
    return PushMessage.read(push.body()).path("Encrypt").textValue();
  }
}
