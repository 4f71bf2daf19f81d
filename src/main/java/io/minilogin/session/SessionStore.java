package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import io.minilogin.session.RedisUserHash.Entry;
import io.minilogin.wechat.ExchangeOutcome.Exchanged;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Opens, finds and ends sessions. Each operation may be interrupted between two of its writes. A
 * token is handed out only when its session is both saved and indexed, and a session is deleted
 * before its entry is: what may be left over is an entry without a session or a session whose token
 * nobody has, never one that "log out everywhere" would miss. All operations fail only with {@link
 * io.minilogin.redis.StoreUnavailableException}.
 */
@Singleton
public class SessionStore {
  private static final Logger LOG = Logger.getLogger(SessionStore.class);

  /** A session and the only copy of its token. */
  public record Opened(SessionToken token, Session session) {}

  private final RedisSessions sessions;
  private final RedisUsers users;
  private final UserSessions ofUser;
  private final SessionLimits limits;
  private final SecureRandom random;
  private final Clock clock;

  SessionStore(
      RedisSessions sessions,
      RedisUsers users,
      UserSessions ofUser,
      SessionLimits limits,
      SecureRandom random,
      Clock clock) {
    this.sessions = sessions;
    this.users = users;
    this.ofUser = ofUser;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
  }

  /** Opens a session for a user of an app; one too many ends the user's oldest. */
  public Uni<Opened> open(String appid, Exchanged user) {
    var token = SessionToken.random(random);
    var id = token.id();
    var now = clock.instant();
    var session =
        new Session(
            appid,
            user.openid(),
            user.unionid(),
            now.plus(limits.lifetime()),
            limits.lifetime(),
            now.truncatedTo(ChronoUnit.SECONDS));
    return Uni.combine()
        .all()
        .unis(
            users.add(session.user(), user.sessionKey(), new Entry(id, session.expiresAt())),
            sessions.save(id, session, limits.timeToLive(limits.lifetime())))
        .asTuple()
        .call(saved -> ofUser.makeRoom(session.user(), id, saved.getItem1()))
        .replaceWith(new Opened(token, session));
  }

  /**
   * The session behind a token; looking counts as a use. Empty when there is none, or none any
   * more.
   */
  public Uni<Optional<Session>> find(SessionToken token) {
    var id = token.id();
    return sessions.find(id).flatMap(found -> used(id, found, clock.instant()));
  }

  /** Ends the session. */
  public Uni<Void> close(SessionToken token, Session session) {
    var id = token.id();
    return sessions.delete(id).chain(() -> users.removeEntries(session.user(), List.of(id)));
  }

  /** Ends the session behind a token, if there is one, also one that cannot be read here. */
  public Uni<Void> revoke(SessionToken token) {
    return sessions
        .find(token.id())
        .flatMap(
            found ->
                found
                    .map(f -> close(token, f.session()))
                    .orElseGet(() -> sessions.delete(token.id()).replaceWithVoid()));
  }

  /**
   * Ends all sessions that the session's user has in its app: this one last, so that a retry can go
   * on.
   */
  public Uni<Void> closeAll(SessionToken token, Session session) {
    return ofUser.endOthers(session.user(), token.id()).chain(() -> close(token, session));
  }

  private Uni<Optional<Session>> used(String id, Optional<Found> found, Instant now) {
    var session = found.map(Found::session).filter(s -> s.isAlive(now));
    var answer = Uni.createFrom().item(session);
    return session.isPresent() && isToBeNoted(found.get(), now)
        ? note(id, found.get(), now).chain(() -> answer)
        : answer;
  }

  private boolean isToBeNoted(Found found, Instant now) {
    return found.outdated() || limits.isToBeNoted(found.session().usedAt(), now);
  }

  /** What a use brings with it. Best effort: who the user is, is certain already. */
  private Uni<Void> note(String id, Found found, Instant now) {
    var session = found.session();
    var noted =
        sessions
            .replace(id, found, session.usedAt(now), limits.timeToLive(session.remaining(now)))
            .replaceWithVoid();
    return (found.outdated() ? noted.chain(() -> users.migrate(session.user())) : noted)
        .onFailure()
        .invoke(() -> LOG.debug("A session could be read but not prolonged"))
        .onFailure()
        .recoverWithNull();
  }
}
