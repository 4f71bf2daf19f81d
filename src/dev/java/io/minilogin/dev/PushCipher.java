package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of WeChat's message push: AES-256-CBC over 16 random bytes, the length of the
 * message in 4 bytes, the message and the appid, padded to blocks of 32 bytes.
 */
final class PushCipher {
  private static final int RANDOM = 16;
  private static final int BLOCK = 32;

  private final String appid;
  private final byte[] key;

  /**
   * @param encodingAesKey 43 characters of base64
   * @throws IllegalArgumentException if the key is not the base64 of 32 bytes
   */
  PushCipher(String appid, String encodingAesKey) {
    this.appid = appid;
    this.key = Base64.getDecoder().decode(encodingAesKey + "=");
    if (key.length != BLOCK) {
      throw new IllegalArgumentException("not an EncodingAESKey");
    }
  }

  /**
   * Returns base64.
   *
   * @param random 16 bytes
   */
  String encrypt(byte[] random, String message) {
    var text = message.getBytes(UTF_8);
    var owner = appid.getBytes(UTF_8);
    var length = RANDOM + Integer.BYTES + text.length + owner.length;
    var padding = BLOCK - length % BLOCK;
    var plaintext =
        ByteBuffer.allocate(length + padding)
            .put(random, 0, RANDOM)
            .putInt(text.length)
            .put(text)
            .put(owner)
            .array();
    Arrays.fill(plaintext, length, plaintext.length, (byte) padding);
    return Base64.getEncoder().encodeToString(apply(Cipher.ENCRYPT_MODE, plaintext));
  }

  /**
   * @param encrypted base64
   * @throws IllegalArgumentException if the text was not encrypted with this key for this app
   */
  String decrypt(String encrypted) {
    var plaintext = apply(Cipher.DECRYPT_MODE, Base64.getDecoder().decode(encrypted));
    var padding = plaintext.length == 0 ? 0 : plaintext[plaintext.length - 1];
    var end = plaintext.length - padding;
    var start = RANDOM + Integer.BYTES;
    if (padding < 1 || padding > BLOCK || end < start) {
      throw new IllegalArgumentException("wrong padding");
    }
    var length = ByteBuffer.wrap(plaintext).getInt(RANDOM);
    if (length < 0
        || length > end - start
        || !appid.equals(new String(plaintext, start + length, end - start - length, UTF_8))) {
      throw new IllegalArgumentException("encrypted for another app");
    }
    return new String(plaintext, start, length, UTF_8);
  }

  private byte[] apply(int mode, byte[] bytes) {
    try {
      // The padding is PKCS#7 in blocks of 32 bytes, which no provider offers.
      var cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, RANDOM));
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not encrypted in blocks", e);
    }
  }
}
