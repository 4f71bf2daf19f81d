package io.minilogin.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisScript;
import io.minilogin.redis.RedisScript.Call;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.UserFields.SealedBlock;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Blocks users: stores the block in the {@link RedisUserHash}, so that the script which adds a
 * session sees it. The details are sealed: the start (8 bytes, epoch seconds), then the reason. A
 * block without end may outlive the app secret that sealed them; then only the details are lost.
 */
@Singleton
public class RedisBlocks {
  private static final RedisScript BLOCK = RedisScript.of("user-block.lua");
  private static final RedisScript REPLACE_DETAILS = RedisScript.of("user-replace-details.lua");

  private final RedisCommands redis;
  private final RedisUserHash hashes;
  private final Seals seals;
  private final SessionLimits limits;
  private final Clock clock;

  RedisBlocks(
      RedisCommands redis, RedisUserHash hashes, Seals seals, SessionLimits limits, Clock clock) {
    this.redis = redis;
    this.hashes = hashes;
    this.seals = seals;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Blocks a user from now on; replaces an earlier block. From the result on no login of the user
   * adds a session. Does not end the user's sessions.
   *
   * @param time how long the block lasts; empty for a block without end
   */
  public Uni<Void> block(UserId user, Optional<Duration> time, Optional<String> reason) {
    var key = RedisUsers.key(user);
    var now = clock.instant();
    var text = reason.orElse("").getBytes(UTF_8);
    var details =
        ByteBuffer.allocate(Long.BYTES + text.length).putLong(now.getEpochSecond()).put(text);
    return redis
        .send(
            setting(key)
                .arg(time.map(now::plus).map(Instant::toEpochMilli).orElse(0L))
                .arg(sealed(user, key, details.array())))
        .replaceWithVoid();
  }

  /** Lifts the block of a user. Returns whether the user was blocked. */
  public Uni<Boolean> lift(UserId user) {
    return redis
        .send(setting(RedisUsers.key(user)))
        .map(removedFields -> removedFields.toInteger() > 0);
  }

  /** Returns the block of a user; empty if the user is not blocked, or if the block has ended. */
  public Uni<Optional<Block>> find(UserId user) {
    return hashes
        .read(RedisUsers.key(user))
        .flatMap(
            content ->
                content
                    .block()
                    .map(block -> unsealed(user, block).map(Optional::of))
                    .orElse(Uni.createFrom().item(Optional.empty())));
  }

  /** Returns the block, and seals its details again if an older secret sealed them. */
  private Uni<Block> unsealed(UserId user, SealedBlock block) {
    var key = RedisUsers.key(user);
    var details = block.details().flatMap(it -> seals.unseal(user.appid(), Purpose.BLOCK, key, it));
    var unsealed = Uni.createFrom().item(block(block.until(), details.map(ByteBuffer::wrap)));
    return details
        .filter(it -> seals.isOutdated(block.details().orElseThrow()))
        .map(it -> REPLACE_DETAILS.on(key).arg(block.details().get()).arg(sealed(user, key, it)))
        .map(replacing -> redis.send(replacing).chain(() -> unsealed))
        .orElse(unsealed);
  }

  private static Block block(Optional<Instant> until, Optional<ByteBuffer> details) {
    var since = details.map(ByteBuffer::getLong).map(Instant::ofEpochSecond);
    var reason = details.map(UTF_8::decode).map(Object::toString).filter(it -> !it.isEmpty());
    return new Block(since, until, reason);
  }

  private byte[] sealed(UserId user, String key, byte[] details) {
    return seals.seal(user.appid(), Purpose.BLOCK, key, details);
  }

  private Call setting(String key) {
    return BLOCK.on(key).arg(clock.millis()).arg(limits.lifetime().toMillis());
  }
}
