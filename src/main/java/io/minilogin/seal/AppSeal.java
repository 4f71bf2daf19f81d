package io.minilogin.seal;

import io.minilogin.app.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values under one secret of one app.
 *
 * <p>All keys come from the app secret by HKDF-SHA256, with the appid as salt and one label per
 * purpose, so there is no further key to manage. WeChat's secrets have 128 random bits, and sealing
 * is as strong as they are.
 *
 * <p>A sealed value is
 *
 * <pre>  key id (4 bytes) | nonce (12) | AES-256-GCM ciphertext and tag (16)</pre>
 *
 * with the Redis key as associated data: a value that is moved to another key cannot be unsealed.
 * The key id is derived like the keys. It identifies the app and the secret, and its label has the
 * version of this format.
 *
 * <p>The nonce is an HMAC of the Redis key and the plaintext, under a separate key. Two different
 * values get different nonces as reliably as with random nonces, and the same value under the same
 * key seals to the same bytes. So a script inside Redis can find out whether a session key is still
 * the same: it compares the bytes without unsealing them. An observer only learns that a value was
 * written again unchanged.
 */
final class AppSeal {
  private static final int KEY_ID_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /**
   * The lookup of an implementation takes longer than sealing or unsealing. A cipher that used the
   * same key before does not expand the key again.
   */
  private static final ThreadLocal<Cipher> SEALING = ThreadLocal.withInitial(AppSeal::newCipher);

  private static final ThreadLocal<Cipher> UNSEALING = ThreadLocal.withInitial(AppSeal::newCipher);

  private record Keys(SecretKeySpec encryption, byte[] nonce) {}

  private final String appid;
  private final int keyId;
  private final Map<Purpose, Keys> keys = new EnumMap<>(Purpose.class);

  AppSeal(String appid, Secret secret) {
    this.appid = appid;
    var hkdf =
        Hkdf.extract(
            appid.getBytes(StandardCharsets.UTF_8),
            secret.reveal().getBytes(StandardCharsets.UTF_8));
    this.keyId = ByteBuffer.wrap(hkdf.expand("mini-login v1 key id", KEY_ID_BYTES)).getInt();
    for (var purpose : Purpose.values()) {
      var label = "mini-login v1 " + purpose.label();
      keys.put(
          purpose,
          new Keys(
              new SecretKeySpec(hkdf.expand(label, 32), "AES"), hkdf.expand(label + " nonce", 32)));
    }
  }

  String appid() {
    return appid;
  }

  int keyId() {
    return keyId;
  }

  /** Returns the id of the secret: the key id in hexadecimal digits. */
  String secretId() {
    return HexFormat.of().toHexDigits(keyId);
  }

  static Optional<Integer> keyIdOf(byte[] sealed) {
    return sealed.length < KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(sealed).getInt());
  }

  byte[] seal(Purpose purpose, String redisKey, byte[] plaintext) {
    var place = redisKey.getBytes(StandardCharsets.UTF_8);
    var mac =
        Hkdf.hmac(
            keys(purpose).nonce(),
            ByteBuffer.allocate(4).putInt(place.length).array(),
            place,
            plaintext);
    var nonce = Arrays.copyOf(mac, NONCE_BYTES);
    try {
      var ciphertext = sealing(purpose, nonce, place).doFinal(plaintext);
      return ByteBuffer.allocate(KEY_ID_BYTES + NONCE_BYTES + ciphertext.length)
          .putInt(keyId)
          .put(nonce)
          .put(ciphertext)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher sealing(Purpose purpose, byte[] nonce, byte[] place)
      throws GeneralSecurityException {
    try {
      return init(SEALING.get(), Cipher.ENCRYPT_MODE, purpose, nonce, 0, place);
    } catch (InvalidAlgorithmParameterException e) {
      // The cipher refuses the nonce of its latest call. Sealing the same value twice repeats the
      // nonce.
      return init(newCipher(), Cipher.ENCRYPT_MODE, purpose, nonce, 0, place);
    }
  }

  /**
   * Returns the plaintext; empty if this seal did not seal the value for this purpose and this
   * Redis key.
   */
  Optional<byte[]> unseal(Purpose purpose, String redisKey, byte[] sealed) {
    var place = redisKey.getBytes(StandardCharsets.UTF_8);
    int start = KEY_ID_BYTES + NONCE_BYTES;
    try {
      return Optional.of(
          init(UNSEALING.get(), Cipher.DECRYPT_MODE, purpose, sealed, KEY_ID_BYTES, place)
              .doFinal(sealed, start, sealed.length - start));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher init(
      Cipher cipher, int mode, Purpose purpose, byte[] nonceAt, int offset, byte[] place)
      throws GeneralSecurityException {
    cipher.init(
        mode,
        keys(purpose).encryption(),
        new GCMParameterSpec(TAG_BYTES * 8, nonceAt, offset, NONCE_BYTES));
    cipher.updateAAD(place);
    return cipher;
  }

  private Keys keys(Purpose purpose) {
    return Objects.requireNonNull(keys.get(purpose));
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }
}
