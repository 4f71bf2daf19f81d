package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Open data: what a mini program's client API returns for its service to decrypt.
 *
 * @param encryptedData base64 of AES-128-CBC with PKCS#7 padding, under the session key
 * @param iv base64 of 16 random bytes
 * @param rawData the part that the client may read as well; profile data only
 * @param signature of rawData: lower-case hex of SHA-1 over it and the session key's base64 text
 */
public record OpenData(
    String encryptedData, String iv, Optional<String> rawData, Optional<String> signature) {

  /**
   * Encrypts like WeChat, for a user with this session key.
   *
   * @param sessionKey base64 of 16 bytes
   * @param plaintext encrypted as it is, in UTF-8, whether it is JSON or not
   * @throws IllegalArgumentException if the key is not base64 of an AES key
   */
  public static OpenData encrypt(String sessionKey, String plaintext) {
    return encrypt(sessionKey, plaintext.getBytes(UTF_8));
  }

  /** The same for bytes that need not be UTF-8. */
  public static OpenData encrypt(String sessionKey, byte[] plaintext) {
    var iv = new byte[16];
    ThreadLocalRandom.current().nextBytes(iv); // not a real user's data
    try {
      var key = new SecretKeySpec(Base64.getDecoder().decode(sessionKey), "AES");
      // Java's name for PKCS#7, which is the same for AES.
      var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
      var encrypted = cipher.doFinal(plaintext);
      return new OpenData(base64(encrypted), base64(iv), Optional.empty(), Optional.empty());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a session key", e);
    }
  }

  /** Returns the JSON object that a client posts, without empty properties. */
  public String json() {
    var json = Json.object().put("encryptedData", encryptedData).put("iv", iv);
    rawData.ifPresent(text -> json.put("rawData", text));
    signature.ifPresent(text -> json.put("signature", text));
    return json.toString();
  }

  OpenData sign(String sessionKey, String text) {
    try {
      var hash = MessageDigest.getInstance("SHA-1").digest((text + sessionKey).getBytes(UTF_8));
      var hex = HexFormat.of().formatHex(hash);
      return new OpenData(encryptedData, iv, Optional.of(text), Optional.of(hex));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
