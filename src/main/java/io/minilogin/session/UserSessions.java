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
 * Lists and ends the sessions of a user in an app, and limits their number.
 *
 * <p>The index lists the sessions, but others may write to the index. So a session is used only
 * after it was unsealed and its user was compared with this user. Entries without a session, and
 * entries of other users' sessions, are ignored.
 */
@Singleton
public class UserSessions {
  /** An entry of the index, and its session if the session belongs to the user. */
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

  /**
   * Returns the sessions of the user, the newest first; an empty list for an unknown user. Does not
   * extend the sessions.
   */
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
   * Ends all sessions of the user for this reason. Idempotent: after a failure a retry ends the
   * remaining sessions. Returns the ids of the ended sessions.
   */
  public Uni<List<String>> endAll(UserId user, Ending why) {
    return endOthers(user, "", why);
  }

  /**
   * Ends all sessions of the user, then deletes the data of the user: session keys and unionid. A
   * block stays. Idempotent: a retry after a failure deletes the rest. If the user logs in
   * meanwhile, the new session and the data stay.
   */
  public Uni<Void> forget(UserId user) {
    return endAll(user, Ending.FORGOTTEN).chain(() -> users.forget(user));
  }

  /**
   * Ends all sessions of the user except the session with this id. Returns the ids of the ended
   * sessions.
   */
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
   * Takes a step for each session of the user, except the session with this id. All steps run
   * concurrently.
   */
  Uni<?> forEach(UserId user, String except, Function<Indexed, Uni<Void>> step) {
    return find(user).flatMap(all -> all(without(except, all), step));
  }

  /**
   * Ends the oldest sessions over the limit, but never the newest session.
   *
   * @param entries the index right after the newest session was added: of two concurrent logins,
   *     one sees both sessions
   */
  Uni<Void> makeRoom(UserId user, String newest, List<Entry> entries) {
    return entries.size() <= limits.maxPerUser()
        ? Uni.createFrom().voidItem()
        : find(user, entries)
            .flatMap(all -> end(user, surplus(without(newest, all)), Ending.REPLACED))
            .replaceWithVoid();
  }

  /**
   * Returns the entries of the index with their sessions, the oldest first. If the index is too
   * large for one read, entries without a session of the user are removed first.
   */
  private Uni<List<Indexed>> find(UserId user) {
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
                        .flatMap(removed -> removed > 0 ? find(user) : Uni.createFrom().item(all)));
  }

  /** Returns the oldest sessions over the limit, and entries without a session. */
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

  /**
   * Ends the sessions before it removes their entries, so that a failure in between leaves the
   * entries. Returns the number of removed entries.
   */
  private Uni<Integer> end(UserId user, List<Indexed> ending, Ending why) {
    var removed = ending.stream().map(each -> each.entry().id()).toList();
    var found = ending.stream().filter(each -> each.found().isPresent()).toList();
    return all(found, each -> sessions.delete(each.entry().id(), why))
        .chain(() -> users.removeEntries(user, removed))
        .replaceWith(removed.size());
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

  /** Runs all steps concurrently, so that their commands go to Redis in batches. */
  private static <T, R> Uni<List<R>> all(List<T> items, Function<T, Uni<R>> step) {
    return items.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Uni.join().all(items.stream().map(step).toList()).andFailFast();
  }
}
