package io.minilogin.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof for WeChat that this service has a user's session key: HMAC-SHA256 of the empty string,
 * in lower-case hexadecimal digits.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html">checkSessionKey</a>
 */
final class SessionKeySignature {
  static final String METHOD = "hmac_sha256";

  private static final String HMAC = "HmacSHA256";

  private SessionKeySignature() {}

  /**
   * Returns the signature. The HMAC key is the base64 text of the session key, not its 16 decoded
   * bytes.
   */
  static String of(Secret sessionKey) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(sessionKey.reveal().getBytes(UTF_8), HMAC));
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
