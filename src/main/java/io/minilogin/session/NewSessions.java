package io.minilogin.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.session.RedisSessions.Found;
import io.minilogin.session.RedisUserHash.Entry;
import io.minilogin.session.RedisUsers.Known;
import io.minilogin.session.UserFields.SealedBlock;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Creates the sessions of logins. A login may be interrupted between two of its writes, and
 * sessions may be ended meanwhile:
 *
 * <ul>
 *   <li>A session is saved before its entry is added, and its token is returned after both writes.
 *       So an interruption leaves a session whose token was never returned, and "log out
 *       everywhere" misses no session in use.
 *   <li>The script that adds the entry adds none for a blocked user. So a block either finds the
 *       session in the index, or the login deletes the session itself.
 *   <li>Every later write replaces the session that was read. So a session that was ended stays
 *       ended.
 * </ul>
 */
@Singleton
public class NewSessions {
  /** The outcome of {@link #create}. */
  public sealed interface Creation {}

  /** A session and the only copy of its token. */
  public record Created(SessionToken token, Session session) implements Creation {}

  /**
   * The user is blocked and got no session.
   *
   * @param until empty if the block has no end
   */
  public record Blocked(Optional<Instant> until) implements Creation {}

  private final RedisSessions sessions;
  private final RedisUsers users;
  private final UserSessions userSessions;
  private final Unionids unionids;
  private final SessionLimits limits;
  private final SecureRandom random;
  private final Clock clock;
  private final Counter opened;

  NewSessions(
      RedisSessions sessions,
      RedisUsers users,
      UserSessions userSessions,
      Unionids unionids,
      SessionLimits limits,
      SecureRandom random,
      MeterRegistry registry,
      Clock clock) {
    this.sessions = sessions;
    this.users = users;
    this.userSessions = userSessions;
    this.unionids = unionids;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
    this.opened = registry.counter("mini_login.sessions.opened");
  }

  /**
   * Creates a session, and ends the oldest session over the limit. If WeChat returned no unionid,
   * the session gets the known unionid. A new unionid is stored in all sessions of the user. A
   * blocked user gets no session.
   *
   * <p>If the new session ends before it is complete, because its user logs out everywhere for
   * example, another session is created, once. If the other session ends as well, or if a session
   * ends later, its token is returned and invalid.
   */
  public Uni<Creation> create(Login login) {
    return create(login, true);
  }

  private Uni<Creation> create(Login login, boolean isFirst) {
    var token = SessionToken.random(random);
    var id = token.id();
    var now = clock.instant();
    var session =
        new Session(
            login.user(),
            login.unionid(),
            now.plus(limits.lifetime()),
            limits.lifetime(),
            now.truncatedTo(ChronoUnit.SECONDS));
    return sessions
        .save(id, session, limits.timeToLive(limits.lifetime()))
        .flatMap(
            saved ->
                users
                    .add(login, new Entry(id, session.expiresAt()))
                    .flatMap(
                        known ->
                            known.block().isPresent()
                                ? refuse(id, known.block().get())
                                : open(login, token, saved, known, isFirst)));
  }

  private Uni<Creation> refuse(String id, SealedBlock block) {
    return sessions.discard(id).replaceWith(new Blocked(block.until()));
  }

  private Uni<Creation> open(
      Login login, SessionToken token, Found saved, Known known, boolean isFirst) {
    return userSessions
        .makeRoom(login.user(), token.id(), known.entries())
        .chain(() -> unionids.update(login.user(), login.unionid(), known))
        .chain(() -> completed(token.id(), saved, known.unionid()))
        .flatMap(
            complete ->
                complete.isEmpty() && isFirst
                    ? create(login, false)
                    : Uni.createFrom()
                        .<Creation>item(new Created(token, complete.orElse(saved.session())))
                        .invoke(created -> opened.increment()));
  }

  /** Returns the session with the known unionid; empty if the session has ended. */
  private Uni<Optional<Session>> completed(String id, Found saved, Optional<String> unionid) {
    var session = saved.session();
    if (unionid.isEmpty() || session.unionid().isPresent()) {
      return Uni.createFrom().item(Optional.of(session));
    }
    var complete = session.withUnionid(unionid.get());
    return sessions
        .replace(id, saved, complete)
        .flatMap(
            done ->
                done
                    ? Uni.createFrom().item(Optional.of(complete))
                    : sessions.find(id).map(found -> found.map(Found::session)));
  }
}
