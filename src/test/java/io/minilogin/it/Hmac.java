package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signatures that WeChat expects, computed independently of the service. */
final class Hmac {
  private Hmac() {}

  static String of(String key, String data) {
    return of(key, data.getBytes(UTF_8));
  }

  /** Returns HMAC-SHA256 in lower-case hexadecimal digits. */
  static String of(String key, byte[] data) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(data));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
