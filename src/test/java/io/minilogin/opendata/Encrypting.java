package io.minilogin.opendata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.OfficialSample;
import io.minilogin.app.Secret;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts with the JDK only. */
final class Encrypting {
  static final Secret KEY = new Secret(OfficialSample.SESSION_KEY);
  static final Secret OTHER_KEY = new Secret("AAECAwQFBgcICQoLDA0ODw==");
  static final byte[] IV = Base64.getDecoder().decode(OfficialSample.IV);

  private Encrypting() {}

  static EncryptedData encrypted(Secret key, String plaintext) {
    return encrypted(key, IV, plaintext.getBytes(UTF_8));
  }

  static EncryptedData encrypted(Secret key, byte[] iv, byte[] plaintext) {
    return new EncryptedData(run("AES/CBC/PKCS5Padding", key, iv, plaintext), iv, Optional.empty());
  }

  /** Encrypts without adding a padding: the end of the blocks is the padding. */
  static EncryptedData encryptedAsIs(Secret key, byte[] blocks) {
    return new EncryptedData(run("AES/CBC/NoPadding", key, IV, blocks), IV, Optional.empty());
  }

  private static byte[] run(String mode, Secret key, byte[] iv, byte[] plaintext) {
    try {
      var cipher = Cipher.getInstance(mode);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(Base64.getDecoder().decode(key.reveal()), "AES"),
          new IvParameterSpec(iv));
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
