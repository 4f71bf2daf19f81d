package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records which access tokens WeChat accepted or refused on this instance. A path of WeChat's API
 * that answers 40001 for any token must not invalidate the token for all other calls:
 *
 * <ul>
 *   <li>A refused token that WeChat accepts in a later call is valid.
 *   <li>A path that refused a token and its replacement is distrusted for {@link #DISTRUST} or
 *       until it accepts a token. A distrusted path forces no refresh.
 *   <li>For a distrusted path, a new token is requested from WeChat at most once in {@link
 *       #CHECK_PAUSE}.
 * </ul>
 */
@Singleton
class TokenEvidence {
  static final Duration DISTRUST = Duration.ofHours(1);
  static final Duration CHECK_PAUSE = Duration.ofSeconds(3);
  private static final int MOST_PATHS = 1000;

  private final LongSupplier nanoTime;
  private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
  private final Map<String, Secret> replacements = boundedMap();
  private final Map<String, Long> checked = boundedMap();
  private final Map<String, Long> distrusted = boundedMap();

  private record Accepted(Secret token, long sent) {}

  TokenEvidence() {
    this(System::nanoTime);
  }

  TokenEvidence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Records that WeChat accepted the token.
   *
   * @param sent the {@link System#nanoTime()} at which the call was sent
   */
  void accepted(String appid, String path, Secret token, long sent) {
    accepted.put(appid, new Accepted(token, sent));
    synchronized (this) {
      if (!replacements.isEmpty()) {
        replacements.remove(key(appid, path));
        distrusted.remove(key(appid, path));
      }
    }
  }

  /** Records that WeChat refused a token on this path and that this token replaced it. */
  synchronized void replaced(String appid, String path, Secret replacement) {
    replacements.put(key(appid, path), replacement);
  }

  /** Records that WeChat refused the token on this path. */
  synchronized void refused(String appid, String path, Secret token) {
    if (token.equals(replacements.get(key(appid, path)))) {
      distrusted.put(key(appid, path), nanoTime.getAsLong());
    }
  }

  synchronized boolean isDistrusted(String appid, String path) {
    return isWithin(DISTRUST, distrusted.get(key(appid, path)));
  }

  /** Whether WeChat accepted the token in a call that was sent later. */
  boolean isGood(String appid, Secret token, long sent) {
    var last = accepted.get(appid);
    return last != null && last.token.equals(token) && last.sent - sent > 0;
  }

  /** Whether a new token may be requested because of this path. If so, records the request. */
  synchronized boolean mayCheck(String appid, String path) {
    var isAllowed =
        !isDistrusted(appid, path) || !isWithin(CHECK_PAUSE, checked.get(key(appid, path)));
    if (isAllowed) {
      checked.put(key(appid, path), nanoTime.getAsLong());
    }
    return isAllowed;
  }

  private boolean isWithin(Duration time, @Nullable Long since) {
    return since != null && nanoTime.getAsLong() - since < time.toNanos();
  }

  private static String key(String appid, String path) {
    return appid + path;
  }

  /** Returns a map that drops its oldest entry when it has over {@value #MOST_PATHS} entries. */
  private static <T> Map<String, T> boundedMap() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST_PATHS;
      }
    };
  }
}
