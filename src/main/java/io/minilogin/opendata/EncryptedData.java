package io.minilogin.opendata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.quarkus.runtime.util.HashUtil;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Open data, encrypted by WeChat's client.
 *
 * @param ciphertext one or more blocks of 16 bytes
 * @param iv 16 bytes
 */
record EncryptedData(byte[] ciphertext, byte[] iv, Optional<Signed> signed) {
  static final int BLOCK_BYTES = 16;

  /**
   * The plaintext that some client APIs return with the data, and its signature.
   *
   * @param signature SHA-1 of the raw data and the session key's base64 text, in lower-case
   *     hexadecimal digits
   */
  record Signed(String rawData, String signature) {
    @Override
    public String toString() {
      return "Signed";
    }
  }

  /** Whether the signature was made with this session key. True if there is no signature. */
  boolean isSignedWith(Secret sessionKey) {
    return signed
        .map(
            s ->
                MessageDigest.isEqual(
                    s.signature().getBytes(UTF_8),
                    HashUtil.sha1(s.rawData() + sessionKey.reveal()).getBytes(UTF_8)))
        .orElse(true);
  }

  @Override
  public String toString() {
    return "EncryptedData";
  }
}
