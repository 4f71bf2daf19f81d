package io.minilogin.accesstoken;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The binary form of an access token, with sizes in bytes: expiry in epoch milliseconds (8),
 * refresh time (8), a zero (1), the day (4), count (4) and last time (8) of the forced refreshes,
 * then the token.
 */
final class PackedAccessToken {
  private static final int BEFORE_TEXT = 33;

  private PackedAccessToken() {}

  static byte[] pack(AccessToken token) {
    var text = token.text().reveal().getBytes(UTF_8);
    return ByteBuffer.allocate(BEFORE_TEXT + text.length)
        .putLong(token.expiresAt().toEpochMilli())
        .putLong(token.refreshAt().toEpochMilli())
        .put((byte) 0)
        .putInt(token.forced().day())
        .putInt(token.forced().count())
        .putLong(token.forced().last().toEpochMilli())
        .put(text)
        .array();
  }

  static AccessToken unpack(byte[] packed) {
    var bytes = ByteBuffer.wrap(packed);
    var expiresAt = Instant.ofEpochMilli(bytes.getLong());
    var refreshAt = Instant.ofEpochMilli(bytes.getLong());
    bytes.get();
    var forced =
        new ForcedRefreshes(bytes.getInt(), bytes.getInt(), Instant.ofEpochMilli(bytes.getLong()));
    var text = UTF_8.decode(bytes).toString();
    return new AccessToken(new Secret(text), expiresAt, refreshAt, forced);
  }
}
