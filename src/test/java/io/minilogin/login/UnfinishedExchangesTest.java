package io.minilogin.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.Secret;
import io.minilogin.async.SettableClock;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatUser;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class UnfinishedExchangesTest {
  private final SettableClock clock = new SettableClock();
  @AutoClose private final Vertx vertx = Vertx.vertx();
  private final UnfinishedExchanges unfinished = new UnfinishedExchanges(clock, vertx);

  /** Another instance may have claimed and sent the code in the meantime. */
  @Test
  void outcomeBelongsToOneClaimOfACode() {
    var attempt = attempt("a-code");

    unfinished.notSent(attempt);

    assertEquals(Optional.empty(), unfinished.take(attempt.under(2)));
    assertEquals(Optional.of(Optional.empty()), unfinished.take(attempt));
  }

  @Test
  void outcomeBelongsToOneCode() {
    unfinished.notSent(attempt("a-code"));

    assertEquals(Optional.empty(), unfinished.take(attempt("another-code")));
  }

  @Test
  void outcomeIsTakenOnce() {
    var attempt = attempt("a-code");

    unfinished.notSent(attempt);

    assertEquals(Optional.of(Optional.empty()), unfinished.take(attempt));
    assertEquals(Optional.empty(), unfinished.take(attempt));
  }

  @Test
  void sessionKeysAreForgottenAfterFiveMinutes() {
    var old = attempt("an-old-code");
    var recent = attempt("a-recent-code");
    var answer =
        new Answer(
            new WechatOutcome.Success<>(
                new WechatUser("openid", Optional.empty(), new Secret("session-key"))),
            clock.instant(),
            false);

    unfinished.answered(old, answer);
    clock.advance(Duration.ofMinutes(1));
    unfinished.answered(recent, answer);
    clock.advance(Duration.ofMinutes(4));
    unfinished.forgetOld();

    assertEquals(Optional.empty(), unfinished.take(old));
    assertEquals(Optional.of(Optional.of(answer)), unfinished.take(recent));
  }

  private static Attempt attempt(String code) {
    var app = ConfiguredApps.app("wx1111111111111111", "a-secret");
    return new Attempt(app, code, CodeHash.of(app.appid(), code), 1, Instant.MAX);
  }
}
