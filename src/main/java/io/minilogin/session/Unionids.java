package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import io.minilogin.session.RedisUsers.Known;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Stores a user's unionid: with the user, and in all sessions of the user. A change takes effect
 * with the next request. No session is extended.
 */
@Singleton
public class Unionids {
  private final RedisSessions sessions;
  private final RedisUsers users;
  private final UserSessions userSessions;

  Unionids(RedisSessions sessions, RedisUsers users, UserSessions userSessions) {
    this.sessions = sessions;
    this.users = users;
    this.userSessions = userSessions;
  }

  /**
   * Stores a unionid that WeChat did not return at the login: with the user, then in all sessions
   * of the user, in the session of this token last, so that the caller can retry after a failure.
   */
  public Uni<Void> learn(SessionToken token, Session session, String unionid) {
    if (session.unionid().equals(Optional.of(unionid))) {
      return Uni.createFrom().voidItem();
    }
    var user = session.user();
    var own = token.id();
    return users
        .storeUnionid(user, unionid)
        .chain(() -> update(user, own, unionid))
        .chain(() -> sessions.find(own))
        .flatMap(found -> update(user, own, found, unionid));
  }

  /**
   * Stores a unionid that WeChat returned at a login in the user's other sessions, which have the
   * previous unionid or no unionid, and last with the user, so that the next login repeats an
   * interrupted update.
   *
   * @param unionid empty if WeChat returned no unionid
   * @param known the user after the new session was added
   */
  Uni<Void> update(UserId user, Optional<String> unionid, Known known) {
    return unionid
        .filter(id -> known.entries().size() > 1 && !known.unionid().equals(unionid))
        .map(id -> update(user, "", id).chain(() -> users.storeUnionid(user, id)))
        .orElseGet(Uni.createFrom()::voidItem);
  }

  private Uni<?> update(UserId user, String except, String unionid) {
    return userSessions.forEach(
        user, except, each -> update(user, each.entry().id(), each.found(), unionid));
  }

  /** Stores the unionid in one session. Retries if the session was touched meanwhile. */
  private Uni<Void> update(UserId user, String id, Optional<Found> found, String unionid) {
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
                                : sessions.find(id).flatMap(now -> update(user, id, now, unionid))))
        .orElseGet(Uni.createFrom()::voidItem);
  }
}
