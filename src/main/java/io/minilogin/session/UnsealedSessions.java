package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The latest {@value #MOST} sessions that each event loop has unsealed. A page of a mini program
 * sends a dozen requests, and to decrypt and unpack the same bytes again for each is a fifth of a
 * check's own work. It is no cache of sessions: Redis is asked every time, and only the very bytes
 * that were unsealed under a key need not be unsealed again.
 */
final class UnsealedSessions {
  private static final int MOST = 2048;

  private final ThreadLocal<Map<String, Found>> latest = ThreadLocal.withInitial(Latest::new);

  private static final class Latest extends LinkedHashMap<String, Found> {
    private static final int INITIAL = 16;
    private static final float LOAD = 0.75f;

    Latest() {
      super(INITIAL, LOAD, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
      return size() > MOST;
    }
  }

  /** What these bytes were unsealed to under this key, else what unseals them now. */
  Optional<Found> find(String key, byte[] value, Supplier<Optional<Found>> unsealing) {
    var known = latest.get().get(key);
    if (known != null && Arrays.equals(known.value(), value)) {
      return Optional.of(known);
    }
    var unsealed = unsealing.get();
    unsealed.ifPresent(found -> latest.get().put(key, found));
    return unsealed;
  }
}
