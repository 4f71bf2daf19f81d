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
 * AES-128 in CBC mode with PKCS#7 padding, the encryption of WeChat's client API.
 *
 * <p>The encryption has no authentication. A sender who learns which changes of a ciphertext keep
 * the padding valid can decrypt it and forge others (a padding oracle). So this class checks the
 * padding itself; the JDK would throw for invalid padding. Valid and invalid padding take the same
 * work here, and the caller treats invalid padding like an invalid plaintext.
 *
 * <p>One change cannot be detected: each flipped bit of the iv flips the same bit in the first 16
 * bytes of the plaintext, and nothing else.
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
   * The result of a decryption.
   *
   * @param bytes the plaintext, without the padding if the padding is valid
   * @param isPadded whether the padding is valid
   */
  record Decrypted(byte[] bytes, boolean isPadded) {}

  /** Decrypts the data. Empty if the session key is not 16 bytes in base64. */
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
   * Removes the padding. Always checks all bytes that may be padding. The padding is n bytes with
   * the value n, from 1 to 16.
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
