package io.minilogin.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as bytes: expiry (8, epoch milliseconds), lifetime (4, seconds), openid and unionid,
 * each after its length (1), then the latest use (4, epoch seconds). The bytes do not hold the app,
 * because the seal around them belongs to one app. They take half the size of JSON.
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
    var usedAt = Instant.ofEpochSecond(Integer.toUnsignedLong(bytes.getInt()));
    return new Session(new UserId(appid, openid), unionid, expiresAt, lifetime, usedAt);
  }

  private static String text(ByteBuffer bytes) {
    var text = new byte[Byte.toUnsignedInt(bytes.get())];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
