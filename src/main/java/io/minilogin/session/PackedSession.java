package io.minilogin.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as bytes: expiry (8, epoch milliseconds), lifetime (4, seconds), openid and unionid,
 * each with its length before it (1), then the latest use (4, epoch seconds), which sessions of
 * older versions don't have. The app isn't in it: the seal around the bytes belongs to one app.
 * Half the size of JSON.
 */
final class PackedSession {
  private PackedSession() {}

  static byte[] pack(Session session) {
    var openid = session.user().openid().getBytes(StandardCharsets.UTF_8);
    var unionid = session.unionid().orElse("").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(18 + openid.length + unionid.length)
        .putLong(session.expiresAt().toEpochMilli())
        .putInt((int) session.lifetime().toSeconds())
        .put((byte) openid.length)
        .put(openid)
        .put((byte) unionid.length)
        .put(unionid)
        .putInt((int) session.usedAt().getEpochSecond())
        .array();
  }

  static Session unpack(String appid, byte[] packed) {
    var bytes = ByteBuffer.wrap(packed);
    var expiresAt = Instant.ofEpochMilli(bytes.getLong());
    var lifetime = Duration.ofSeconds(bytes.getInt());
    var openid = text(bytes);
    var unionid = Optional.of(text(bytes)).filter(id -> !id.isEmpty());
    var usedAt =
        bytes.hasRemaining()
            ? Instant.ofEpochSecond(Integer.toUnsignedLong(bytes.getInt()))
            : expiresAt.minus(lifetime);
    return new Session(new UserId(appid, openid), unionid, expiresAt, lifetime, usedAt);
  }

  private static String text(ByteBuffer bytes) {
    var text = new byte[Byte.toUnsignedInt(bytes.get())];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
