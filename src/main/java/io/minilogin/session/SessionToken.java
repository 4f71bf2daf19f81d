package io.minilogin.session;

import io.minilogin.seal.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The bearer token of a session: {@value #PREFIX} and 256 random bits in base64url, 47 characters
 * in all. The prefix lets secret scanners find tokens that got into logs or repositories.
 *
 * <p>Redis knows a token only by its SHA-256. With 256 random bits there is nothing to guess, so a
 * plain hash is enough and a slow one would only slow down every request.
 */
public record SessionToken(String text) {
  private static final String PREFIX = "mlt_";
  private static final int RANDOM_BYTES = 32;
  private static final int LENGTH = PREFIX.length() + 43;

  static SessionToken random(SecureRandom random) {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return ofBytes(bytes);
  }

  /** Empty for a text that no token of ours has. */
  public static Optional<SessionToken> parse(String text) {
    return text.length() == LENGTH && text.startsWith(PREFIX) && isBase64Url(text)
        ? Optional.of(new SessionToken(text))
        : Optional.empty();
  }

  private static boolean isBase64Url(String text) {
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      var isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!isLetter && (c < '0' || c > '9') && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  /** From the random part, 32 bytes. */
  public static SessionToken ofBytes(byte[] random) {
    return new SessionToken(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** The random part, 32 bytes. */
  public byte[] bytes() {
    return Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
  }

  /**
   * Under which the session is stored: SHA-256 of the text in base64url, 43 characters. Opaque, and
   * no token.
   */
  public String id() {
    return Sha256.base64Url(text);
  }

  @Override
  public String toString() {
    return "[token]";
  }
}
