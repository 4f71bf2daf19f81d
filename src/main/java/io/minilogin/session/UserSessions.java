package io.minilogin.session;

import io.minilogin.session.RedisUsers.Entry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All sessions that a user has in an app: lists them, ends them, keeps their number within the
 * limit. Entries whose sessions have ended by themselves don't count.
 */
@Singleton
public class UserSessions {
  /**
   * No login takes longer, so an older entry without a session is not one that is being opened
   * right now.
   */
  private static final Duration LONGEST_LOGIN = Duration.ofSeconds(5);

  private final RedisSessions sessions;
  private final RedisUsers users;
  private final SessionLimits limits;
  private final Clock clock;

  UserSessions(RedisSessions sessions, RedisUsers users, SessionLimits limits, Clock clock) {
    this.sessions = sessions;
    this.users = users;
    this.limits = limits;
    this.clock = clock;
  }

  /** The newest first; none for a user who is not known. To be listed is no use of a session. */
  public Uni<List<UserSession>> list(String appid, String openid) {
    return entries(appid, openid)
        .flatMap(entries -> all(entries, entry -> described(entry.id())))
        .map(
            found ->
                found.stream()
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(UserSession::createdAt).reversed())
                    .toList());
  }

  /** Ends all of them. May be repeated: what is left after a failure is ended then. */
  public Uni<Void> endAll(String appid, String openid) {
    return entries(appid, openid).flatMap(entries -> end(appid, openid, entries));
  }

  /** Ends all but one. */
  Uni<Void> endOthers(Session session, String id) {
    return entries(session.appid(), session.openid())
        .map(entries -> entries.stream().filter(e -> !e.id().equals(id)).toList())
        .flatMap(others -> end(session.appid(), session.openid(), others));
  }

  /** Ends the oldest sessions over the limit, but never the newest one. */
  Uni<Void> makeRoom(Session user, String newest, List<Entry> entries) {
    if (entries.size() <= limits.maxPerUser()) {
      return Uni.createFrom().voidItem();
    }
    return all(entries, this::danglingId)
        .map(ids -> ids.stream().flatMap(Optional::stream).toList())
        .flatMap(dangling -> endOldest(user, last(newest, entries), dangling));
  }

  /** The id of an entry without a session. */
  private Uni<Optional<String>> danglingId(Entry entry) {
    return isBeingOpened(entry)
        ? Uni.createFrom().item(Optional.empty())
        : sessions
            .exists(entry.id())
            .map(alive -> alive ? Optional.empty() : Optional.of(entry.id()));
  }

  private Uni<List<Entry>> entries(String appid, String openid) {
    return users.adopt(appid, openid).chain(() -> users.entries(appid, openid));
  }

  private Uni<Optional<UserSession>> described(String id) {
    return sessions
        .find(id)
        .map(
            found ->
                found
                    .map(RedisSessions.Found::session)
                    .filter(session -> session.isAlive(clock.instant()))
                    .map(
                        session ->
                            new UserSession(
                                id,
                                session.createdAt(),
                                session.usedAt().atOffset(ZoneOffset.UTC).toLocalDate())));
  }

  /** The new session is the newest also when its lifetime is shorter than the others' was. */
  private static List<Entry> last(String id, List<Entry> entries) {
    return entries.stream().sorted(Comparator.comparing(entry -> entry.id().equals(id))).toList();
  }

  private Uni<Void> endOldest(Session user, List<Entry> entries, List<String> dangling) {
    var alive = entries.stream().filter(entry -> !dangling.contains(entry.id())).toList();
    var surplus = alive.subList(0, Math.max(0, alive.size() - limits.maxPerUser()));
    return end(user.appid(), user.openid(), surplus)
        .chain(() -> users.remove(user.appid(), user.openid(), dangling));
  }

  private Uni<Void> end(String appid, String openid, List<Entry> entries) {
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
        .flatMap(ended -> users.remove(appid, openid, ended));
  }

  /** At once, so that what only reads does so in one go. */
  private static <T> Uni<List<T>> all(List<Entry> entries, Function<Entry, Uni<T>> step) {
    return entries.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Uni.join().all(entries.stream().map(step).toList()).andFailFast();
  }

  private boolean isBeingOpened(Entry entry) {
    var createdAt = entry.expiresAt().minus(limits.lifetime());
    return createdAt.plus(LONGEST_LOGIN).isAfter(clock.instant());
  }
}
