package io.minilogin.session;

import io.minilogin.app.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Logins for tests of the session store. */
final class Logins {
  private static final Duration LONG = Duration.ofSeconds(10);

  private Logins() {}

  /** Returns a login whose session key WeChat has issued just now. */
  static Login of(UserId user, Optional<String> unionid, Secret sessionKey) {
    return new Login(user, unionid, sessionKey, now(), false);
  }

  static Login of(UserId user, Secret sessionKey) {
    return of(user, Optional.empty(), sessionKey);
  }

  /** Returns a login that resumes after an outage, with a session key of this age. */
  static Login resumed(UserId user, Secret sessionKey, Duration age) {
    return new Login(user, Optional.empty(), sessionKey, now().minus(age), true);
  }

  /** Creates a session of a user who is not blocked. */
  static NewSessions.Created create(NewSessions sessions, Login login) {
    return (NewSessions.Created) await(sessions.create(login));
  }

  static <T> T await(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }

  private static Instant now() {
    return Clock.systemUTC().instant();
  }
}
