package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushCipherTest {
  private static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final PushCipher CIPHER = new PushCipher(new Secret(AES_KEY));
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void messagesOfAllLengthsAreDecrypted() {
    for (int length = 0; length < 70; length++) {
      var message = "m".repeat(length).getBytes(UTF_8);
      var decrypted = CIPHER.decrypt(CIPHER.encrypt(message, "wx1", RANDOM)).orElseThrow();
      assertThat(decrypted.message()).isEqualTo(message);
      assertThat(decrypted.appid()).isEqualTo("wx1");
    }
  }

  @Test
  void paddingFillsBlocksOf32Bytes() {
    // 16 random bytes, 4 of the length, 12 of the content: the padding is a whole block.
    var encrypted = CIPHER.encrypt("123456789".getBytes(UTF_8), "wx1", RANDOM);
    assertThat(Base64.getDecoder().decode(encrypted)).hasSize(64);
  }

  @Test
  void equalMessagesHaveDifferentCiphertexts() {
    var message = "success".getBytes(UTF_8);
    assertThat(CIPHER.encrypt(message, "wx1", RANDOM))
        .isNotEqualTo(CIPHER.encrypt(message, "wx1", RANDOM));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 17, 28})
  void paddingOfUpTo32BytesIsRemoved(int padding) {
    assertThat(decrypted(content(padding), padding)).contains("m".repeat(64 - 23 - padding));
  }

  @ParameterizedTest
  @CsvSource({"10, 0", "10, 33", "10, 64", "10, -1", "1, 2", "31, 32"})
  void invalidPaddingIsRefused(int padding, int value) {
    assertThat(decrypted(content(padding), value)).isEmpty();
  }

  @Test
  void paddingWithAnotherByteIsRefused() {
    var plaintext = padded(content(8), 8);
    plaintext[plaintext.length - 8]++;
    assertThat(CIPHER.decrypt(encrypted(plaintext))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 60, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void invalidLengthOfTheMessageIsRefused(int length) {
    var plaintext = padded(content(4), 4);
    ByteBuffer.wrap(plaintext).putInt(16, length);
    assertThat(CIPHER.decrypt(encrypted(plaintext))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "no base64!", "AAAAAAAAAAAAAAAAAAAAAA==", "\n"})
  void malformedCiphertextIsRefused(String text) {
    assertThat(CIPHER.decrypt(text)).isEmpty();
  }

  @Test
  void plaintextWithoutALengthIsRefused() {
    var plaintext = new byte[32];
    Arrays.fill(plaintext, 13, 32, (byte) 19);
    assertThat(CIPHER.decrypt(encrypted(plaintext))).isEmpty();
  }

  @Test
  void ciphertextUnderAnotherKeyIsNotDecrypted() {
    var other = new PushCipher(new Secret("A".repeat(43)));
    var message = "success".getBytes(UTF_8);
    assertThat(CIPHER.decrypt(other.encrypt(message, "wx1", RANDOM)))
        .matches(found -> found.isEmpty() || !found.get().appid().equals("wx1"));
  }

  /** Returns a plaintext that has 64 bytes with this padding. */
  private static byte[] content(int padding) {
    var length = 64 - padding;
    var message = "m".repeat(length - 23).getBytes(UTF_8);
    return ByteBuffer.allocate(length)
        .putInt(16, message.length)
        .position(20)
        .put(message)
        .put("wx1".getBytes(UTF_8))
        .array();
  }

  private static Optional<String> decrypted(byte[] content, int padding) {
    return CIPHER
        .decrypt(encrypted(padded(content, padding)))
        .map(found -> new String(found.message(), UTF_8));
  }

  private static byte[] padded(byte[] content, int padding) {
    var plaintext = Arrays.copyOf(content, 64);
    Arrays.fill(plaintext, content.length, 64, (byte) padding);
    return plaintext;
  }

  /** Encrypts with the JDK alone. */
  private static String encrypted(byte[] plaintext) {
    try {
      var key = Base64.getDecoder().decode(AES_KEY + "=");
      var cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
      return Base64.getEncoder().encodeToString(cipher.doFinal(plaintext));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
