package io.minilogin.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 without a checked exception: every Java platform has this hash. */
public final class Sha256 {
  private Sha256() {}

  /** Returns the hash: 32 bytes. */
  public static byte[] of(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the hash of the text in UTF-8: 32 bytes. */
  public static byte[] of(String text) {
    return of(text.getBytes(UTF_8));
  }

  /** Returns the hash of the text in UTF-8 as base64url without padding: 43 characters. */
  public static String base64Url(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(of(text));
  }
}
