package io.minilogin.opendata;

import static io.minilogin.opendata.Encrypting.IV;
import static io.minilogin.opendata.Encrypting.KEY;
import static io.minilogin.opendata.Encrypting.encrypted;
import static io.minilogin.opendata.Encrypting.encryptedAsIs;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.Secret;
import io.minilogin.opendata.OpenDataCipher.Decrypted;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The properties hold for any key, any iv and any plaintext. */
class OpenDataCipherTest {

  @Property
  void encryptedDataIsDecrypted(
      @ForAll @Size(16) byte[] key, @ForAll @Size(16) byte[] iv, @ForAll byte[] plaintext) {
    var sessionKey = new Secret(Base64.getEncoder().encodeToString(key));
    var decrypted = decrypt(encrypted(sessionKey, iv, plaintext), sessionKey);
    assertThat(decrypted.isPadded()).isTrue();
    assertThat(decrypted.bytes()).isEqualTo(plaintext);
  }

  @Property
  void paddingIsValidOnlyIfAllItsBytesAre(
      @ForAll @Size(16) byte[] block, @ForAll @ByteRange(max = 20) byte length) {
    block[15] = length;
    var isRight = length >= 1 && length <= 16;
    for (int i = 16 - Math.min(length, 16); i < 16; i++) {
      isRight &= block[i] == length;
    }
    assertThat(decrypt(encryptedAsIs(KEY, block), KEY).isPadded()).isEqualTo(isRight);
  }

  @Property
  void paddingWithOneWrongByteIsInvalid(
      @ForAll @IntRange(min = 2, max = 16) int length,
      @ForAll @IntRange(max = 15) int at,
      @ForAll @IntRange(min = 1, max = 255) int difference) {
    var block = new byte[16];
    Arrays.fill(block, 16 - length, 16, (byte) length);
    block[16 - length + at % (length - 1)] ^= (byte) difference;
    assertThat(decrypt(encryptedAsIs(KEY, block), KEY).isPadded()).isFalse();
  }

  @Example
  void invalidSessionKeyDecryptsNothing() {
    var data = encrypted(KEY, "{}");
    for (var key : new String[] {"", "session-key", "AAAA", KEY.reveal() + "AAAA", "%%%%"}) {
      assertThat(OpenDataCipher.decrypt(data, new Secret(key))).isEmpty();
    }
  }

  /** CBC does not detect such a change. */
  @Property
  void flippedBitOfTheIvChangesOnlyThatBitOfTheFirstBlock(
      @ForAll @Size(min = 16, max = 100) byte[] plaintext, @ForAll @IntRange(max = 127) int bit) {
    var data = encrypted(KEY, IV, plaintext);
    var iv = IV.clone();
    iv[bit / 8] ^= (byte) (1 << bit % 8);
    var expected = plaintext.clone();
    expected[bit / 8] ^= (byte) (1 << bit % 8);
    var decrypted = decrypt(new EncryptedData(data.ciphertext(), iv, Optional.empty()), KEY);
    assertThat(decrypted.bytes()).isEqualTo(expected);
  }

  private static Decrypted decrypt(EncryptedData data, Secret key) {
    return OpenDataCipher.decrypt(data, key).orElseThrow();
  }
}
