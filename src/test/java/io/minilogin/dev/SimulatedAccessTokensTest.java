package io.minilogin.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.async.SettableClock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class SimulatedAccessTokensTest {
  private static final String SHOP = WechatCaller.SHOP.appid();
  private static final String GAME = WechatCaller.GAME.appid();
  private static final Duration UNTIL_OVERLAP = Duration.ofSeconds(7200 - 300);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final SimulatedAccessTokens tokens = new SimulatedAccessTokens(clock);

  // Normal mode

  @Test
  void tokenStaysTheSameUntilFiveMinutesBeforeItExpires() {
    var first = get();
    clock.advance(UNTIL_OVERLAP.minusSeconds(1));
    assertThat(get()).isEqualTo(first);
    clock.advance(Duration.ofSeconds(1));
    assertThat(get()).isNotEqualTo(first);
  }

  @Test
  void newTokenHasItsFullLifetimeOnARunningClock() {
    InstantSource running =
        () -> {
          clock.advance(Duration.ofMillis(400));
          return clock.instant();
        };
    var fresh = new SimulatedAccessTokens(running.withZone(ZoneOffset.UTC));
    assertThat(fresh.get(SHOP).expiresIn()).isEqualTo(7200);
    assertThat(fresh.refresh(SHOP).orElseThrow().expiresIn()).isEqualTo(7200);
  }

  @Test
  void oldTokenIsValidUntilItExpires() {
    var first = get();
    clock.advance(UNTIL_OVERLAP);
    var second = get();
    clock.advance(Duration.ofSeconds(299));
    assertThat(tokens.refusal(first)).isEmpty();
    assertThat(tokens.refusal(second)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(tokens.refusal(first)).hasValue(42001);
    assertThat(tokens.refusal(second)).isEmpty();
  }

  @Test
  void tokenLivesTwoHours() {
    var first = get();
    clock.advance(Duration.ofSeconds(7200));
    assertThat(tokens.refusal(first)).hasValue(42001);
    assertThat(tokens.refusal(get())).isEmpty();
  }

  @Test
  void tokenBelongsToItsApp() {
    var shops = get();
    var games = tokens.get(GAME).text();
    assertThat(games).isNotEqualTo(shops);
    assertThat(tokens.appid(shops)).isEqualTo(SHOP);
    assertThat(tokens.appid(games)).isEqualTo(GAME);
  }

  // Forced refreshes

  @Test
  void forcedRefreshInvalidatesEarlierTokensAtOnce() {
    var first = get();
    clock.advance(UNTIL_OVERLAP);
    var second = get();
    var third = refresh();
    assertThat(tokens.refusal(first)).hasValue(40001);
    assertThat(tokens.refusal(second)).hasValue(40001);
    assertThat(tokens.refusal(third)).isEmpty();
    assertThat(get()).isEqualTo(third);
  }

  @Test
  void forcedRefreshDoesNotAffectOtherApps() {
    var games = tokens.get(GAME).text();
    refresh();
    assertThat(tokens.refusal(games)).isEmpty();
    assertThat(tokens.get(GAME).text()).isEqualTo(games);
    assertThat(tokens.refresh(GAME).orElseThrow().text()).isNotEqualTo(games);
  }

  @Test
  void forcedRefreshWithinHalfAMinuteReturnsTheSameToken() {
    var first = refresh();
    clock.advance(PAUSE.minusSeconds(1));
    assertThat(refresh()).isEqualTo(first);
    clock.advance(Duration.ofSeconds(1));
    assertThat(refresh()).isNotEqualTo(first);
  }

  @Test
  void twentyForcedRefreshesADayAreAllowed() {
    for (int i = 0; i < 20; i++) {
      assertThat(tokens.refresh(SHOP)).isPresent();
      clock.advance(PAUSE);
    }
    var last = get();
    assertThat(tokens.refresh(SHOP)).isEmpty();
    assertThat(get()).isEqualTo(last);
    assertThat(tokens.refusal(last)).isEmpty();
    assertThat(tokens.refresh(GAME)).isPresent();
  }

  @Test
  void refreshThatComesTooSoonDoesNotCount() {
    for (int i = 0; i < 19; i++) {
      refresh();
      refresh();
      clock.advance(PAUSE);
    }
    assertThat(tokens.refresh(SHOP)).isPresent();
    clock.advance(PAUSE);
    assertThat(tokens.refresh(SHOP)).isEmpty();
  }

  @Test
  void dayBeginsAtMidnightInShanghai() {
    for (int i = 0; i < 20; i++) {
      refresh();
      clock.advance(PAUSE);
    }
    // The clock started at 20:00 in Shanghai.
    var sinceEight = PAUSE.multipliedBy(20);
    clock.advance(Duration.ofHours(4).minus(sinceEight).minusSeconds(1));
    assertThat(tokens.refresh(SHOP)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(tokens.refresh(SHOP)).isPresent();
  }

  // Calls with a token

  @Test
  void missingOrUnknownTokenIsRejected() {
    assertThat(tokens.refusal("")).hasValue(41001);
    assertThat(tokens.refusal("82_unknown")).hasValue(40001);
  }

  // Tokens that a test changes

  @Test
  void expiredTokenIsRejectedAndReplacedInNormalMode() {
    var first = get();
    tokens.expire(SHOP);
    assertThat(tokens.refusal(first)).hasValue(42001);
    var second = get();
    assertThat(second).isNotEqualTo(first);
    assertThat(tokens.refusal(second)).isEmpty();
  }

  @Test
  void refreshThatComesTooSoonReplacesAnExpiredToken() {
    var first = refresh();
    tokens.expire(SHOP);
    assertThat(refresh()).isNotEqualTo(first);
  }

  @Test
  void onlyAForcedRefreshReplacesARejectedToken() {
    var first = get();
    tokens.refuse(SHOP);
    assertThat(tokens.refusal(first)).hasValue(40001);
    assertThat(get()).isEqualTo(first);
    var second = refresh();
    assertThat(second).isNotEqualTo(first);
    assertThat(tokens.refusal(second)).isEmpty();
  }

  @Test
  void appWithoutATokenHasNothingToExpireOrReject() {
    assertThat(tokens.current(SHOP)).isEmpty();
    assertThatThrownBy(() -> tokens.expire(SHOP)).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> tokens.refuse(SHOP)).isInstanceOf(NoSuchElementException.class);
  }

  private String get() {
    return tokens.get(SHOP).text();
  }

  private String refresh() {
    return tokens.refresh(SHOP).orElseThrow().text();
  }
}
