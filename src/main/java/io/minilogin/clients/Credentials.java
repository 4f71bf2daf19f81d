package io.minilogin.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.seal.Sha256;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The id and the secret that a caller sends, by HTTP Basic or in a form.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7617#section-2">RFC 7617, section 2</a>
 */
public record Credentials(String id, String secret) {
  private static final Pattern BASIC = Pattern.compile("basic +(\\S+)", Pattern.CASE_INSENSITIVE);

  /**
   * Returns the possible readings of a request's Authorization headers: as they are, and
   * form-urlencoded, as OAuth clients send id and secret (RFC 6749, section 2.3.1). Empty if the
   * header is missing, repeated or malformed.
   */
  static List<Credentials> readings(List<String> headers) {
    var basic = BASIC.matcher(headers.size() == 1 ? headers.get(0).strip() : "");
    if (!basic.matches()) {
      return List.of();
    }
    try {
      return readings(new String(Base64.getDecoder().decode(basic.group(1)), UTF_8));
    } catch (IllegalArgumentException e) {
      // Not base64.
      return List.of();
    }
  }

  /** Returns a digest of 64 bytes, whatever the lengths of the id and the secret are. */
  byte[] digest() {
    return ByteBuffer.allocate(64).put(Sha256.of(id)).put(Sha256.of(secret)).array();
  }

  /**
   * Returns the possible readings of {@code id:secret}, which such a header encodes. Empty without
   * a colon.
   */
  static List<Credentials> readings(String pair) {
    var colon = pair.indexOf(':');
    if (colon < 0) {
      return List.of();
    }
    var raw = new Credentials(pair.substring(0, colon), pair.substring(colon + 1));
    try {
      return List.of(raw, new Credentials(decoded(raw.id), decoded(raw.secret)));
    } catch (IllegalArgumentException e) {
      // Not form-urlencoded.
      return List.of(raw);
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  @Override
  public String toString() {
    return "Credentials";
  }
}
