package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of the message push under one EncodingAESKey: AES-256 in CBC mode, whose iv is the
 * first half of the key. The plaintext is
 *
 * <pre>  random (16 bytes) | length of the message (4) | message | appid | padding (1 to 32)</pre>
 *
 * The padding is PKCS#7 with blocks of 32 bytes. The JDK pads to AES blocks only, which have 16
 * bytes.
 *
 * <p>Encryption does not authenticate. Callers check the signature of a ciphertext before they
 * decrypt it.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html">WeChat's
 *     description</a>
 */
final class PushCipher {
  private static final int BLOCK_BYTES = 32;
  private static final int AES_BLOCK_BYTES = 16;
  private static final int RANDOM_BYTES = 16;
  private static final int HEAD_BYTES = RANDOM_BYTES + Integer.BYTES;

  private final SecretKeySpec key;
  private final IvParameterSpec iv;

  /** A decrypted message and the app that it was encrypted for. */
  record Decrypted(byte[] message, String appid) {}

  PushCipher(Secret encodingAesKey) {
    var bytes = Base64.getDecoder().decode(encodingAesKey.reveal() + "=");
    key = new SecretKeySpec(bytes, "AES");
    iv = new IvParameterSpec(bytes, 0, AES_BLOCK_BYTES);
  }

  /** Decrypts base64. Empty if the ciphertext, its padding or its content is malformed. */
  Optional<Decrypted> decrypt(String base64) {
    byte[] ciphertext;
    try {
      ciphertext = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return ciphertext.length == 0 || ciphertext.length % AES_BLOCK_BYTES != 0
        ? Optional.empty()
        : withoutPadding(apply(Cipher.DECRYPT_MODE, ciphertext)).flatMap(PushCipher::content);
  }

  /** Encrypts a message for the app. Returns base64. */
  String encrypt(byte[] message, String appid, SecureRandom random) {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    var app = appid.getBytes(UTF_8);
    var length = HEAD_BYTES + message.length + app.length;
    var padding = BLOCK_BYTES - length % BLOCK_BYTES;
    var plaintext = ByteBuffer.allocate(length + padding);
    plaintext.put(bytes).putInt(message.length).put(message).put(app);
    Arrays.fill(plaintext.array(), length, length + padding, (byte) padding);
    return Base64.getEncoder().encodeToString(apply(Cipher.ENCRYPT_MODE, plaintext.array()));
  }

  private byte[] apply(int mode, byte[] bytes) {
    try {
      var cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, key, iv);
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-CBC", e);
    }
  }

  private static Optional<byte[]> withoutPadding(byte[] padded) {
    int padding = padded[padded.length - 1];
    if (padding < 1 || padding > BLOCK_BYTES || padding > padded.length) {
      return Optional.empty();
    }
    for (int i = padded.length - padding; i < padded.length; i++) {
      if (padded[i] != padding) {
        return Optional.empty();
      }
    }
    return Optional.of(Arrays.copyOf(padded, padded.length - padding));
  }

  private static Optional<Decrypted> content(byte[] plaintext) {
    if (plaintext.length < HEAD_BYTES) {
      return Optional.empty();
    }
    var content = ByteBuffer.wrap(plaintext, RANDOM_BYTES, plaintext.length - RANDOM_BYTES);
    var length = content.getInt();
    if (length < 0 || length > content.remaining()) {
      return Optional.empty();
    }
    var message = new byte[length];
    content.get(message);
    return Optional.of(new Decrypted(message, UTF_8.decode(content).toString()));
  }
}
