package io.minilogin.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signatures that WeChat checks: HMAC-SHA256 in lower-case hexadecimal digits, under a user's
 * session key ({@code signature}) or under an app's payment key ({@code pay_sig}).
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html">checkSessionKey</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/industry/virtual-payment.html">virtual
 *     payment</a>
 */
public final class WechatSignature {
  /** The value of {@code sig_method} for these signatures. */
  public static final String METHOD = "hmac_sha256";

  private static final String HMAC = "HmacSHA256";

  private WechatSignature() {}

  /**
   * Returns the signature of the parts, one after the other; of the empty string without parts.
   *
   * @param key the HMAC key is this text. For a session key this is its base64, not the 16 decoded
   *     bytes.
   */
  public static String of(Secret key, byte[]... parts) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.reveal().getBytes(UTF_8), HMAC));
      for (var part : parts) {
        mac.update(part);
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
