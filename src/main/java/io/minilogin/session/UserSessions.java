package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import io.minilogin.session.RedisUserHash.Entry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All sessions that a user has in an app: lists them, ends them, keeps their number within the
 * limit, tells them the user's unionid.
 *
 * <p>The index says which they are, but others may write to it. So a session is acted on only after
 * it was unsealed and found to be this user's. Entries of other users' sessions, or of none, are
 * ignored.
 */
@Singleton
public class UserSessions {
  /** An entry of the index, and its session if that is the user's. */
  record Indexed(Entry entry, Optional<Found> found) {
    private Session session() {
      return found.orElseThrow().session();
    }
  }

  private static final Comparator<Indexed> NEWEST_FIRST =
      Comparator.comparing((Indexed indexed) -> indexed.session().createdAt()).reversed();

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

  /** The newest first; none for a user who is not known. Listing does not extend a session. */
  public Uni<List<UserSession>> list(UserId user) {
    return find(user)
        .map(
            all ->
                all.stream()
                    .filter(indexed -> indexed.found().filter(this::isAlive).isPresent())
                    .sorted(NEWEST_FIRST)
                    .map(indexed -> UserSession.of(indexed.entry().id(), indexed.session()))
                    .toList());
  }

  /**
   * Throws the user out: ends all of them. May be repeated: what is left after a failure is ended
   * then. The ids of those that were ended.
   */
  public Uni<List<String>> endAll(UserId user) {
    return endOthers(user, "", Ending.THROWN_OUT);
  }

  /** Ends all but the one with this id. The ids of those that were ended. */
  Uni<List<String>> endOthers(UserId user, String id, Ending why) {
    return find(user)
        .map(all -> without(id, all))
        .flatMap(
            others ->
                end(user, others, why)
                    .replaceWith(
                        others.stream()
                            .filter(each -> each.found().isPresent())
                            .map(each -> each.entry().id())
                            .toList()));
  }

  /**
   * Keeps a unionid that WeChat did not tell at the login: with the user, and in all sessions that
   * there are, in the one with this id last, so that a retry can go on. It counts from the next
   * request on. Does not extend the sessions.
   */
  public Uni<Void> learnUnionid(SessionToken token, Session session, String unionid) {
    if (session.unionid().equals(Optional.of(unionid))) {
      return Uni.createFrom().voidItem();
    }
    var user = session.user();
    var own = token.id();
    return users
        .learnUnionid(user, unionid)
        .chain(() -> updateSessions(user, own, unionid))
        .chain(() -> sessions.find(own))
        .flatMap(found -> learnUnionid(user, own, found, unionid));
  }

  /**
   * Stores a unionid that WeChat returned at a login in the sessions that there are, and last with
   * the user, so that the next login repeats what was interrupted. Does not extend the sessions.
   */
  Uni<Void> updateUnionid(UserId user, String unionid) {
    return updateSessions(user, "", unionid).chain(() -> users.learnUnionid(user, unionid));
  }

  private Uni<?> updateSessions(UserId user, String except, String unionid) {
    return find(user)
        .flatMap(
            indexed ->
                all(
                    without(except, indexed),
                    each -> learnUnionid(user, each.entry().id(), each.found(), unionid)));
  }

  /** Once more if the session was touched in between. */
  private Uni<Void> learnUnionid(UserId user, String id, Optional<Found> found, String unionid) {
    return found
        .filter(f -> f.session().user().equals(user))
        .filter(f -> !f.session().unionid().equals(Optional.of(unionid)))
        .map(
            f ->
                sessions
                    .replace(id, f, f.session().withUnionid(unionid))
                    .flatMap(
                        done ->
                            done
                                ? Uni.createFrom().voidItem()
                                : sessions
                                    .find(id)
                                    .flatMap(now -> learnUnionid(user, id, now, unionid))))
        .orElseGet(Uni.createFrom()::voidItem);
  }

  /**
   * Ends the oldest sessions over the limit, but never the newest one.
   *
   * @param entries as they were when that one's was added: of two logins at once, one sees both
   */
  Uni<Void> makeRoom(UserId user, String newest, List<Entry> entries) {
    return entries.size() <= limits.maxPerUser()
        ? Uni.createFrom().voidItem()
        : find(user, entries)
            .flatMap(all -> end(user, surplus(without(newest, all)), Ending.REPLACED))
            .replaceWithVoid();
  }

  /**
   * What the index says, the oldest first. An index so large that it cannot be had at once is
   * relieved first of the entries that count for nothing.
   */
  Uni<List<Indexed>> find(UserId user) {
    return users.entries(user).flatMap(entries -> find(user, entries));
  }

  private Uni<List<Indexed>> find(UserId user, List<Entry> entries) {
    return resolve(user, entries)
        .flatMap(
            all ->
                all.size() < RedisUserHash.MOST
                    ? Uni.createFrom().item(all)
                    : end(
                            user,
                            all.stream().filter(each -> each.found().isEmpty()).toList(),
                            Ending.REPLACED)
                        .flatMap(gone -> gone > 0 ? find(user) : Uni.createFrom().item(all)));
  }

  /** The oldest over the limit, and entries without a session. */
  private List<Indexed> surplus(List<Indexed> others) {
    var surplus = new ArrayList<Indexed>();
    var alive = new ArrayList<Indexed>();
    others.forEach(each -> (each.found().isPresent() ? alive : surplus).add(each));
    surplus.addAll(alive.subList(0, Math.max(0, alive.size() + 1 - limits.maxPerUser())));
    return surplus;
  }

  private boolean isAlive(Found found) {
    return found.session().isAlive(clock.instant());
  }

  /** Sessions first, so that a failure in between leaves the entries. How many entries are gone. */
  private Uni<Integer> end(UserId user, List<Indexed> ending, Ending why) {
    var gone = ending.stream().map(each -> each.entry().id()).toList();
    var found = ending.stream().filter(each -> each.found().isPresent()).toList();
    return all(found, each -> sessions.delete(each.entry().id(), why))
        .chain(() -> users.removeEntries(user, gone))
        .replaceWith(gone.size());
  }

  private Uni<List<Indexed>> resolve(UserId user, List<Entry> entries) {
    return all(
        entries,
        entry ->
            sessions
                .find(entry.id())
                .map(found -> found.filter(f -> f.session().user().equals(user)))
                .map(found -> new Indexed(entry, found)));
  }

  private static List<Indexed> without(String id, List<Indexed> all) {
    return all.stream().filter(each -> !each.entry().id().equals(id)).toList();
  }

  /** At once, so that it goes to Redis in batches. */
  private static <T, R> Uni<List<R>> all(List<T> items, Function<T, Uni<R>> step) {
    return items.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Uni.join().all(items.stream().map(step).toList()).andFailFast();
  }
}
