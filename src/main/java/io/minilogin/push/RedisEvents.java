package io.minilogin.push;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minilogin.redis.RedisValues;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stores in Redis what all instances know of an event: {@code ml:e:<hash of the event>}.
 *
 * <p>The first value is a claim, a random number that identifies one delivery: while the claim
 * exists, no other delivery of the event begins. It expires soon, so that a crash loses no event.
 * After the backend took the event, its sealed answer replaces the claim. A delivery that failed
 * removes its own claim and no other.
 */
@Startup
@Singleton
class RedisEvents {
  /** TTL of a claim: longer than a delivery, which ends 4.5 s after the event has arrived. */
  private static final Duration CLAIMED = Duration.ofSeconds(5);

  /** Added to the TTL of an answer, because clocks differ. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** How long an answer is kept if the age of events is not limited. */
  private static final Duration WITHOUT_MAX_AGE = Duration.ofDays(1);

  /** Size limit of a sealed answer, in bytes. Sealing adds 32 bytes. */
  private static final int LARGEST = BackendHttp.LARGEST_ANSWER + 32;

  private static final Pattern CLAIM = Pattern.compile("-?\\d{1,19}");

  /** The state of an event. */
  sealed interface State {
    /** No delivery is under way, and no backend took the event. */
    record Free(Optional<byte[]> garbage) implements State {}

    /** A delivery is under way, or its instance has died. */
    record Claimed(long claim) implements State {}

    /** A backend took the event. */
    record Taken(byte[] answer) implements State {}
  }

  private static final byte[] NONE = {};

  private final RedisValues values;
  private final Seals seals;
  private final Duration kept;

  RedisEvents(RedisValues values, Seals seals, PushSettings settings) {
    this.values = values;
    this.seals = seals;
    kept = settings.maxAge().isZero() ? WITHOUT_MAX_AGE : settings.maxAge().plus(MARGIN);
  }

  Uni<State> state(PushEvent event) {
    var key = key(event);
    return values
        .get(key, LARGEST + 1)
        .map(found -> found.map(value -> state(event, key, value)).orElse(new State.Free(found)));
  }

  private State state(PushEvent event, String key, byte[] value) {
    var text = new String(value, US_ASCII);
    if (CLAIM.matcher(text).matches()) {
      return new State.Claimed(Long.parseLong(text));
    }
    return seals
        .unseal(event.appid(), Purpose.PUSH_ANSWER, key, value)
        .<State>map(State.Taken::new)
        // Only another program can have written this value.
        .orElseGet(() -> new State.Free(Optional.of(value)));
  }

  /**
   * Claims the event, which was free. Returns whether only this delivery may begin. The claim may
   * exist even if the call fails.
   */
  Uni<Boolean> claim(PushEvent event, long claim, State.Free before) {
    var key = key(event);
    var value = bytes(claim);
    if (before.garbage().filter(garbage -> garbage.length > LARGEST).isPresent()) {
      // Only the beginning of the garbage was read.
      return values.delete(key).chain(() -> values.setIfAbsent(key, value, CLAIMED));
    }
    return before
        .garbage()
        .map(garbage -> values.replace(key, garbage, value, CLAIMED))
        .orElseGet(() -> claimed(key, value));
  }

  /** Claims a key that seemed to be absent, but may have an empty value or one of another type. */
  private Uni<Boolean> claimed(String key, byte[] value) {
    return values
        .setIfAbsent(key, value, CLAIMED)
        .flatMap(
            isStored ->
                isStored ? Uni.createFrom().item(true) : values.replace(key, NONE, value, CLAIMED));
  }

  /** Removes the claim unless it has expired. */
  Uni<Void> release(PushEvent event, long claim) {
    return values.delete(key(event), bytes(claim));
  }

  /** Stores the answer for repeats of the event. */
  Uni<Void> taken(PushEvent event, byte[] answer) {
    var sealed = seals.seal(event.appid(), Purpose.PUSH_ANSWER, key(event), answer);
    return values.set(key(event), sealed, kept);
  }

  private static byte[] bytes(long claim) {
    return String.valueOf(claim).getBytes(US_ASCII);
  }

  private static String key(PushEvent event) {
    return "ml:e:" + event.hash();
  }
}
