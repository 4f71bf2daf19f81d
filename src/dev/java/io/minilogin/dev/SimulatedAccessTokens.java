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

/** The access tokens of all apps: which is current, and which of the earlier ones still count. */
final class SimulatedAccessTokens {
  private static final Duration LIFETIME = Duration.ofHours(2);

  /** For so long before its end a token has a successor, and both are valid. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  /** 102 bytes are 136 characters of base64. */
  private static final int BYTES = 102;

  /**
   * @param refused its calls get 40001, because of a forced refresh or because a test says so
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
   * What whoever asks for a token gets.
   *
   * @param expiresIn the seconds that are left
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

  /** Normal mode: the current token, or its successor once it is time for one. */
  synchronized Grant get(String appid) {
    var now = clock.instant();
    var token =
        current(appid)
            .filter(current -> now.isBefore(current.expiry().minus(OVERLAP)))
            .orElseGet(() -> issue(appid, now));
    return new Grant(token.text(), Duration.between(now, token.expiry()).toSeconds());
  }

  /**
   * A new token, with which the earlier ones end; sooner than {@link ForcedRefreshes} allows, as in
   * normal mode. Empty once the day's quota is used up.
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

  /** The errcode for a call with this token; empty if the token is good. */
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

  /** Whose token it is. */
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
    ThreadLocalRandom.current().nextBytes(bytes); // a secret of nobody
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
