package io.minilogin.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minilogin.session.RedisUserHash.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a {@link RedisUserHash} with their values, as they were read. */
record UserFields(Map<String, byte[]> fields) {
  private static final String CURRENT_KEY = "k";
  private static final String PREVIOUS_KEY = "p";
  private static final String KEY_ISSUED = "t";
  private static final String UNIONID = "u";
  private static final String BLOCK_END = "b";
  private static final String BLOCK_DETAILS = "r";

  /**
   * A block that has not ended.
   *
   * @param until the end of the block; empty if it has no end
   * @param details the sealed details
   */
  record SealedBlock(Optional<Instant> until, Optional<byte[]> details) {}

  /** Returns the sealed current session key. */
  Optional<byte[]> sessionKey() {
    return Optional.ofNullable(fields.get(CURRENT_KEY));
  }

  /** Returns the sealed previous session key. */
  Optional<byte[]> previousSessionKey() {
    return Optional.ofNullable(fields.get(PREVIOUS_KEY));
  }

  /** Returns the time at which WeChat issued the current session key; long ago if unknown. */
  Instant sessionKeyIssued() {
    return Optional.ofNullable(fields.get(KEY_ISSUED)).map(UserFields::time).orElse(Instant.EPOCH);
  }

  /** Returns the block if the user is blocked. */
  Optional<SealedBlock> block() {
    return Optional.ofNullable(fields.get(BLOCK_END))
        .map(UserFields::time)
        .map(
            end ->
                new SealedBlock(
                    Optional.of(end).filter(time -> time.isAfter(Instant.EPOCH)),
                    Optional.ofNullable(fields.get(BLOCK_DETAILS))));
  }

  /** Returns the sealed unionid. */
  Optional<byte[]> unionid() {
    return Optional.ofNullable(fields.get(UNIONID));
  }

  /** Returns the entries, the oldest first. */
  List<Entry> entries() {
    return fields.entrySet().stream()
        .filter(field -> field.getKey().length() > 1)
        .map(field -> new Entry(field.getKey(), time(field.getValue())))
        .sorted(Comparator.comparing(Entry::expiresAt))
        .toList();
  }

  private static Instant time(byte[] value) {
    return Instant.ofEpochMilli(Long.parseLong(new String(value, US_ASCII)));
  }
}
