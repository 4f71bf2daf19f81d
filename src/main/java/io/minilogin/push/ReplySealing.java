package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.minilogin.push.PushMessage.Format;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Encrypts and signs replies to WeChat.
 *
 * @param token the token that signed the event, because WeChat may not know another token yet
 * @param cipher the key that decrypted the event
 */
record ReplySealing(Secret token, PushCipher cipher, SecureRandom random, Clock clock) {
  private static final String JSON =
      "{\"Encrypt\":\"%s\",\"MsgSignature\":\"%s\",\"TimeStamp\":%s,\"Nonce\":\"%s\"}";

  private static final String XML =
      "<xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature><![CDATA[%s]]></MsgSignature>"
          + "<TimeStamp>%s</TimeStamp><Nonce><![CDATA[%s]]></Nonce></xml>";

  /** Returns the reply with this answer, in the format of the event's request. */
  PushReply seal(byte[] answer, PushEvent event) {
    var encrypted = cipher.encrypt(answer, event.appid(), random);
    var timestamp = String.valueOf(clock.instant().getEpochSecond());
    var nonce = String.valueOf(random.nextInt(Integer.MAX_VALUE));
    var signature = PushSignature.of(token, timestamp, nonce, encrypted);
    // All four texts are base64, digits or hexadecimal, so they need no escapes.
    var body =
        (event.envelope() == Format.XML ? XML : JSON)
            .formatted(encrypted, signature, timestamp, nonce);
    return new PushReply(event.envelope().mediaType(), body.getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "ReplySealing";
  }
}
