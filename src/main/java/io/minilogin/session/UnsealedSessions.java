package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The latest {@value #MOST} sessions that were unsealed; each event loop keeps its share of them. A
 * page of a mini program sends a dozen requests, and to decrypt and unpack the same bytes again for
 * each is a fifth of a check's own work. It is no cache of sessions: Redis is asked every time, and
 * only the very bytes that were unsealed under a key need not be unsealed again.
 */
@Singleton
final class UnsealedSessions {
  /** Of all loops together, so that more processors do not cost more memory. */
  private static final int MOST = 4096;

  private final int mostOfLoop;
  private final ThreadLocal<Map<String, Found>> latest = ThreadLocal.withInitial(Latest::new);

  UnsealedSessions(@ConfigProperty(name = "quarkus.vertx.event-loops-pool-size") int eventLoops) {
    this.mostOfLoop = MOST / eventLoops;
  }

  private final class Latest extends LinkedHashMap<String, Found> {
    private static final int INITIAL = 16;
    private static final float LOAD = 0.75f;

    Latest() {
      super(INITIAL, LOAD, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
      return size() > mostOfLoop;
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
