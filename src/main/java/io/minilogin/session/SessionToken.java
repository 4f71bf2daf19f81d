package io.minilogin.session;

import io.minilogin.seal.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The bearer token of a session: {@value #PREFIX} and 256 random bits in base64url, 47 characters
 * in all. The prefix lets secret scanners find tokens that got into logs or repositories.
 *
 * <p>Redis stores only the SHA-256 of a token. Nobody can guess 256 random bits, so a plain hash is
 * enough; a slow hash would only slow down each request.
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

  /** Returns the token; empty if the text does not have the format of a session token. */
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

  /** Returns the token with this random part, 32 bytes. */
  public static SessionToken ofBytes(byte[] random) {
    return new SessionToken(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** Returns the random part, 32 bytes. */
  public byte[] bytes() {
    return Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
  }

  /**
   * Returns the id under which the session is stored: the SHA-256 of the text in base64url, 43
   * characters. The id is opaque and cannot be used as a token.
   */
  public String id() {
    return Sha256.base64Url(text);
  }

  @Override
  public String toString() {
    return "[token]";
  }
}
