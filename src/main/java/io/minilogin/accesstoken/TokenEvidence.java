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
 * What this instance has seen of the apps' access tokens, so that one path of WeChat's API that
 * answers 40001 whatever the token does not take the token from all other calls:
 *
 * <ul>
 *   <li>A token that WeChat accepted in a later call is good.
 *   <li>A path that refused a token and then the next one, too, is distrusted for {@link
 *       #DISTRUST}, or until it accepts one: it forces no refresh.
 *   <li>A path has WeChat asked for another token once in {@link #CHECK_PAUSE} at most.
 * </ul>
 */
@Singleton
class TokenEvidence {
  static final Duration DISTRUST = Duration.ofHours(1);
  static final Duration CHECK_PAUSE = Duration.ofSeconds(3);
  private static final int MOST_PATHS = 1000;

  private final LongSupplier nanoTime;
  private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
  private final Map<String, Secret> replacements = latest();
  private final Map<String, Long> checked = latest();
  private final Map<String, Long> distrusted = latest();

  private record Accepted(Secret token, long sent) {}

  TokenEvidence() {
    this(System::nanoTime);
  }

  TokenEvidence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Notes that WeChat accepted the token.
   *
   * @param sent when the call was sent, by {@link System#nanoTime()}
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

  /** Notes that WeChat refused a token on this path, and that this one has taken its place. */
  synchronized void replaced(String appid, String path, Secret replacement) {
    replacements.put(key(appid, path), replacement);
  }

  /** Notes that WeChat refused the token on this path. */
  synchronized void refused(String appid, String path, Secret token) {
    if (token.equals(replacements.get(key(appid, path)))) {
      distrusted.put(key(appid, path), nanoTime.getAsLong());
    }
  }

  synchronized boolean isDistrusted(String appid, String path) {
    return isWithin(DISTRUST, distrusted.get(key(appid, path)));
  }

  /** Whether WeChat accepted the token in a call that was sent after this one. */
  boolean isGood(String appid, Secret token, long sent) {
    var last = accepted.get(appid);
    return last != null && last.token.equals(token) && last.sent - sent > 0;
  }

  /** Whether WeChat may be asked for another token because of this path; counts as asked then. */
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

  /** A map that forgets its oldest entries. */
  private static <T> Map<String, T> latest() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST_PATHS;
      }
    };
  }
}
