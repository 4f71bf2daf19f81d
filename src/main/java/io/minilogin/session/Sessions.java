package io.minilogin.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.session.RedisSessions.Found;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds and ends sessions. An operation may be interrupted between two of its writes. A session is
 * deleted before its entry is removed, so an interruption leaves an entry without a session. All
 * operations fail only with {@link io.minilogin.redis.StoreUnavailableException}.
 */
@Singleton
public class Sessions {
  private static final Logger LOG = Logger.getLogger(Sessions.class);

  private final RedisSessions sessions;
  private final RedisUsers users;
  private final UserSessions userSessions;
  private final SessionLimits limits;
  private final Clock clock;
  private final Counter touches;

  Sessions(
      RedisSessions sessions,
      RedisUsers users,
      UserSessions userSessions,
      SessionLimits limits,
      MeterRegistry registry,
      Clock clock) {
    this.sessions = sessions;
    this.users = users;
    this.userSessions = userSessions;
    this.limits = limits;
    this.clock = clock;
    this.touches = registry.counter("mini_login.sessions.touched");
  }

  /**
   * Returns the session behind a token that its user has sent. The call counts as a use, which
   * extends the session. Empty if no session has the token, or if the session has ended.
   */
  public Uni<Optional<Session>> find(SessionToken token) {
    var id = token.id();
    return sessions.find(id).flatMap(found -> recordUse(id, found, clock.instant()));
  }

  /**
   * Returns the session behind a token for a caller that is not its user. Does not change the
   * session in Redis. Empty as for {@link #find}.
   */
  public Uni<Optional<Session>> peek(SessionToken token) {
    return sessions.find(token.id()).map(found -> alive(found, clock.instant()));
  }

  /** Ends the user's session behind a token. */
  public Uni<Void> end(SessionToken token, UserId user) {
    return end(token, user, Ending.LOGOUT).replaceWithVoid();
  }

  private Uni<Boolean> end(SessionToken token, UserId user, Ending why) {
    var id = token.id();
    return sessions.delete(id, why).call(() -> users.removeEntries(user, List.of(id)));
  }

  /**
   * Ends the session behind a token, even a session that this instance cannot read. Returns whether
   * the session existed.
   */
  public Uni<Boolean> revoke(SessionToken token) {
    return sessions
        .find(token.id())
        .flatMap(
            found ->
                found
                    .map(f -> end(token, f.session().user(), Ending.REVOKED))
                    .orElseGet(() -> sessions.delete(token.id(), Ending.REVOKED)));
  }

  /**
   * Ends all sessions of the user in the app. Ends the session of this token last, so that the
   * caller can retry after a failure.
   */
  public Uni<Void> endAll(SessionToken token, UserId user) {
    return userSessions
        .endOthers(user, token.id(), Ending.LOGOUT_EVERYWHERE)
        .chain(() -> end(token, user, Ending.LOGOUT_EVERYWHERE))
        .replaceWithVoid();
  }

  private Uni<Optional<Session>> recordUse(String id, Optional<Found> found, Instant now) {
    var session = alive(found, now);
    var answer = Uni.createFrom().item(session);
    return session.isPresent() && isTouchDue(found.get(), now)
        ? touch(id, found.get(), now).chain(() -> answer)
        : answer;
  }

  private static Optional<Session> alive(Optional<Found> found, Instant now) {
    return found.map(Found::session).filter(session -> session.isAlive(now));
  }

  private boolean isTouchDue(Found found, Instant now) {
    return sessions.isOutdated(found) || limits.isTouchDue(found.session().usedAt(), now);
  }

  /** Touches the session. Ignores a failure, because the session is valid in any case. */
  private Uni<Void> touch(String id, Found found, Instant now) {
    var session = found.session();
    return sessions
        .replace(id, found, session.usedAt(now), limits.timeToLive(session.remaining(now)))
        .invoke(done -> touches.increment())
        .replaceWithVoid()
        .onFailure()
        .invoke(() -> LOG.debug("A session could be read but not extended"))
        .onFailure()
        .recoverWithNull();
  }
}
