package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/**
 * The keys of an app besides its secret.
 *
 * @param payment the app key of virtual payment
 * @param sandboxPayment the same for {@code env} 1
 * @param pushToken the Token of the message push
 * @param pushAesKey the EncodingAESKey of the message push, 43 characters
 */
public record AppKeys(String payment, String sandboxPayment, String pushToken, String pushAesKey) {
  /** Returns keys that depend on the appid only, so that they stay the same after a restart. */
  static AppKeys of(String appid) {
    return new AppKeys(
        text("payment\0" + appid).substring(0, 32),
        text("sandbox\0" + appid).substring(0, 32),
        text("token\0" + appid).substring(0, 24),
        text("aes\0" + appid));
  }

  /** Returns the app key of virtual payment for this {@code env}. */
  String payment(long env) {
    return env == 1 ? sandboxPayment : payment;
  }

  /** Returns 43 letters and digits. */
  private static String text(String seed) {
    return Base64.getEncoder()
        .encodeToString(Sha256.of(seed.getBytes(UTF_8)))
        .replace('+', 'x')
        .replace('/', 'y')
        .replace("=", "");
  }
}
