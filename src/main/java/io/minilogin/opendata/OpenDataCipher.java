package io.minilogin.opendata;

import io.minilogin.app.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-128 in CBC mode with PKCS#7 padding, as WeChat's client API encrypts.
 *
 * <p>It has no authentication: whoever sends a ciphertext can change it, and would learn what it
 * says, and how to make others, from being told which changes leave the padding right. So the
 * padding is checked here and not by the JDK, which throws for a wrong one: here the same work is
 * done for both, and the caller treats a wrong padding like a plaintext that makes no sense.
 *
 * <p>One thing cannot be noticed: a change of the iv changes the first 16 bytes of the plaintext,
 * bit by bit, and nothing else.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html">WeChat's
 *     description</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5652#section-6.3">RFC 5652, section 6.3</a>
 */
final class OpenDataCipher {
  private static final int KEY_BYTES = 16;

  private OpenDataCipher() {}

  /**
   * What came out.
   *
   * @param bytes without the padding if that is right, else with whatever stands there
   * @param isPadded whether the padding is right
   */
  record Decrypted(byte[] bytes, boolean isPadded) {}

  /** Empty if the session key is no key of 16 bytes in base64. */
  static Optional<Decrypted> decrypt(EncryptedData data, Secret sessionKey) {
    return key(sessionKey).map(key -> withoutPadding(decrypt(data, key)));
  }

  private static byte[] decrypt(EncryptedData data, SecretKeySpec key) {
    try {
      var cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(data.iv()));
      return cipher.doFinal(data.ciphertext());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-CBC", e);
    }
  }

  /**
   * Looks at all bytes that may be padding, whatever they are. A padding of n bytes is n times the
   * byte n, from 1 to 16.
   */
  private static Decrypted withoutPadding(byte[] padded) {
    int length = Byte.toUnsignedInt(padded[padded.length - 1]);
    int wrong = length == 0 || length > EncryptedData.BLOCK_BYTES ? 1 : 0;
    for (int i = 1; i <= EncryptedData.BLOCK_BYTES; i++) {
      int difference = Byte.toUnsignedInt(padded[padded.length - i]) ^ length;
      wrong |= i <= length ? difference : 0;
    }
    int kept = wrong == 0 ? padded.length - length : padded.length;
    return new Decrypted(Arrays.copyOf(padded, kept), wrong == 0);
  }

  private static Optional<SecretKeySpec> key(Secret sessionKey) {
    try {
      var key = Base64.getDecoder().decode(sessionKey.reveal());
      return key.length == KEY_BYTES
          ? Optional.of(new SecretKeySpec(key, "AES"))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // Not base64.
      return Optional.empty();
    }
  }
}
