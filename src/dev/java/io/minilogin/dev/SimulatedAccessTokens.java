package io.minilogin.dev;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** The access tokens of all apps: the current token, and earlier tokens that are still valid. */
final class SimulatedAccessTokens {
  private static final Duration LIFETIME = Duration.ofHours(2);

  /** This long before a token expires a new one replaces it; both are valid until then. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  /** 102 bytes are 136 characters of base64. */
  private static final int BYTES = 102;

  /**
   * @param refused whether calls get 40001, after a forced refresh or because a test asked for it
   */
  record Token(String text, String appid, Instant expiry, boolean refused) {
    private Token refuse() {
      return new Token(text, appid, expiry, true);
    }

    private Token expire(Instant now) {
      return new Token(text, appid, now, refused);
    }
  }

  /**
   * The reply to a request for a token.
   *
   * @param expiresIn remaining lifetime in seconds
   */
  record Grant(String text, long expiresIn) {}

  private final Clock clock;
  private final ForcedRefreshes forced;
  private final Map<String, Token> issued = new HashMap<>();
  private final Map<String, String> current = new HashMap<>();

  SimulatedAccessTokens(Clock clock) {
    this.clock = clock;
    this.forced = new ForcedRefreshes(clock);
  }

  /** Normal mode: returns the current token, or a new one when the current one expires soon. */
  synchronized Grant get(String appid) {
    var now = clock.instant();
    var token =
        current(appid)
            .filter(current -> now.isBefore(current.expiry().minus(OVERLAP)))
            .orElseGet(() -> issue(appid, now));
    return new Grant(token.text(), Duration.between(now, token.expiry()).toSeconds());
  }

  /**
   * Returns a new token and invalidates the earlier ones. If {@link ForcedRefreshes} does not allow
   * that yet, works as in normal mode. Empty once the day's quota is used up.
   */
  synchronized Optional<Grant> refresh(String appid) {
    if (forced.isTooSoon(appid)) {
      return Optional.of(get(appid));
    }
    if (!forced.count(appid)) {
      return Optional.empty();
    }
    issued.replaceAll((text, token) -> token.appid().equals(appid) ? token.refuse() : token);
    return Optional.of(new Grant(issue(appid, clock.instant()).text(), LIFETIME.toSeconds()));
  }

  /** Returns the errcode for a call with this token; empty if the token is valid. */
  synchronized OptionalLong refusal(String text) {
    if (text.isEmpty()) {
      return OptionalLong.of(41001);
    }
    var token = issued.get(text);
    if (token == null || token.refused()) {
      return OptionalLong.of(40001);
    }
    return clock.instant().isBefore(token.expiry()) ? OptionalLong.empty() : OptionalLong.of(42001);
  }

  /** Returns the app to which the token belongs. */
  synchronized String appid(String text) {
    return issued.get(text).appid();
  }

  synchronized Optional<Token> current(String appid) {
    return Optional.ofNullable(current.get(appid)).map(issued::get);
  }

  synchronized void expire(String appid) {
    remember(current(appid).orElseThrow().expire(clock.instant()));
  }

  synchronized void refuse(String appid) {
    remember(current(appid).orElseThrow().refuse());
  }

  private Token issue(String appid, Instant now) {
    var bytes = new byte[BYTES];
    ThreadLocalRandom.current().nextBytes(bytes); // not a real secret
    var text = "82_" + Base64.getUrlEncoder().encodeToString(bytes);
    var token = new Token(text, appid, now.plus(LIFETIME), false);
    remember(token);
    current.put(appid, text);
    return token;
  }

  private void remember(Token token) {
    issued.put(token.text(), token);
  }
}
