package io.minilogin.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnfinishedExchangesTest {
  private final UnfinishedExchanges unfinished = new UnfinishedExchanges();

  /** Another instance may have claimed the code since, and sent it. */
  @Test
  void whatIsKnownOfOneClaimIsNotOfAnotherOnTheSameCode() {
    var attempt = attempt("a-code");

    unfinished.notSent(attempt);

    assertEquals(Optional.empty(), unfinished.take(attempt.under(2)));
    assertEquals(Optional.of(Optional.empty()), unfinished.take(attempt));
  }

  @Test
  void whatIsKnownOfOneCodeIsNotOfAnotherUnderTheSameClaim() {
    unfinished.notSent(attempt("a-code"));

    assertEquals(Optional.empty(), unfinished.take(attempt("another-code")));
  }

  @Test
  void isTakenOnce() {
    var attempt = attempt("a-code");

    unfinished.notSent(attempt);

    assertEquals(Optional.of(Optional.empty()), unfinished.take(attempt));
    assertEquals(Optional.empty(), unfinished.take(attempt));
  }

  private static Attempt attempt(String code) {
    var app = new WechatApp("wx1111111111111111", new Secret("a-secret"), List.of());
    return new Attempt(app, code, CodeHash.of(app.appid(), code), 1, Instant.MAX);
  }
}
