package io.minilogin.session;

import io.minilogin.session.RedisUsers.Entry;
import io.minilogin.wechat.ExchangeOutcome.Exchanged;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Opens, finds and ends sessions. Each operation may be interrupted between two of its writes: a
 * session is indexed before it is saved and deleted before its entry is, so what may be left over
 * is an entry without a session, never a session that "log out everywhere" would miss. All
 * operations fail only with {@link io.minilogin.store.StoreUnavailableException}.
 */
@Singleton
public class SessionStore {
  private static final Logger LOG = Logger.getLogger(SessionStore.class);

  /**
   * No login takes longer, so an older entry without a session is not one that is being opened
   * right now.
   */
  private static final Duration LONGEST_LOGIN = Duration.ofSeconds(5);

  /** A session and the only copy of its token. */
  public record Opened(SessionToken token, Session session) {}

  private final RedisSessions sessions;
  private final RedisUsers users;
  private final SessionLimits limits;
  private final SecureRandom random;
  private final Clock clock;

  SessionStore(
      RedisSessions sessions,
      RedisUsers users,
      SessionLimits limits,
      SecureRandom random,
      Clock clock) {
    this.sessions = sessions;
    this.users = users;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
  }

  /** Opens a session for a user of an app; one too many ends the user's oldest. */
  public Uni<Opened> open(String appid, Exchanged user) {
    var token = SessionToken.random(random);
    var id = token.id();
    var session =
        new Session(
            appid,
            user.openid(),
            user.unionid(),
            clock.instant().plus(limits.lifetime()),
            limits.lifetime());
    return users
        .adopt(appid, user.openid())
        .chain(
            () ->
                users.add(
                    appid, user.openid(), user.sessionKey(), new Entry(id, session.expiresAt())))
        .call(() -> sessions.save(id, session, limits.timeToLive(limits.lifetime())))
        .call(entries -> makeRoom(session, last(id, entries)))
        .replaceWith(new Opened(token, session));
  }

  /**
   * The session behind a token; looking counts as a use. Empty when there is none, or none any
   * more.
   */
  public Uni<Optional<Session>> find(SessionToken token) {
    var id = token.id();
    return sessions
        .find(id)
        .call(found -> found.map(f -> keep(id, f)).orElse(Uni.createFrom().nullItem()))
        .map(found -> found.map(RedisSessions.Found::session).filter(this::isAlive));
  }

  /** Ends the session. */
  public Uni<Void> close(SessionToken token, Session session) {
    var id = token.id();
    return sessions
        .delete(id)
        .chain(() -> users.remove(session.appid(), session.openid(), List.of(id)));
  }

  /**
   * Ends all sessions that the session's user has in its app: this one last, so that a retry can go
   * on.
   */
  public Uni<Void> closeAll(SessionToken token, Session session) {
    return users
        .adopt(session.appid(), session.openid())
        .chain(() -> users.entries(session.appid(), session.openid()))
        .map(entries -> entries.stream().filter(e -> !e.id().equals(token.id())).toList())
        .flatMap(others -> end(session, others))
        .chain(() -> close(token, session));
  }

  private boolean isAlive(Session session) {
    return session.remaining(clock.instant()).toMillis() > 0;
  }

  /** What a use brings with it. Best effort: who the user is, is certain already. */
  private Uni<Void> keep(String id, RedisSessions.Found found) {
    var session = found.session();
    var remaining = session.remaining(clock.instant());
    var sealAnew =
        found.outdated()
            ? sessions
                .reseal(id, session)
                .chain(() -> users.adopt(session.appid(), session.openid()))
            : Uni.createFrom().voidItem();
    return limits
        .prolonged(found.timeToLive(), remaining)
        .map(timeToLive -> sealAnew.chain(() -> sessions.prolong(id, timeToLive)))
        .orElse(sealAnew)
        .onFailure()
        .invoke(() -> LOG.debug("A session could be read but not prolonged"))
        .onFailure()
        .recoverWithNull();
  }

  /**
   * Ends the oldest sessions over the limit. Entries whose sessions have ended by themselves don't
   * count.
   */
  private Uni<Void> makeRoom(Session user, List<Entry> entries) {
    if (entries.size() <= limits.maxPerUser()) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createFrom()
        .iterable(entries)
        .onItem()
        .transformToUniAndConcatenate(
            entry ->
                isBeingOpened(entry)
                    ? Uni.createFrom().nullItem()
                    : sessions.exists(entry.id()).map(alive -> alive ? null : entry.id()))
        .collect()
        .asList()
        .flatMap(dangling -> endOldest(user, entries, dangling));
  }

  /** The new session is the newest also when its lifetime is shorter than the others' was. */
  private static List<Entry> last(String id, List<Entry> entries) {
    return entries.stream().sorted(Comparator.comparing(entry -> entry.id().equals(id))).toList();
  }

  private Uni<Void> endOldest(Session user, List<Entry> entries, List<String> dangling) {
    var alive = entries.stream().filter(entry -> !dangling.contains(entry.id())).toList();
    var surplus = alive.subList(0, Math.max(0, alive.size() - limits.maxPerUser()));
    return end(user, surplus).chain(() -> users.remove(user.appid(), user.openid(), dangling));
  }

  private Uni<Void> end(Session user, List<Entry> entries) {
    return Multi.createFrom()
        .iterable(entries)
        .onItem()
        .transformToUniAndConcatenate(
            entry ->
                sessions
                    .delete(entry.id())
                    .map(existed -> existed || !isBeingOpened(entry) ? entry.id() : null))
        .collect()
        .asList()
        .flatMap(ended -> users.remove(user.appid(), user.openid(), ended));
  }

  private boolean isBeingOpened(Entry entry) {
    var createdAt = entry.expiresAt().minus(limits.lifetime());
    return createdAt.plus(LONGEST_LOGIN).isAfter(clock.instant());
  }
}
