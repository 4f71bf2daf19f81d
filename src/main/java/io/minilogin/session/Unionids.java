package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The unionid of users of whom WeChat told none at their login. It is kept in each of their
 * sessions, where whoever asks about a token finds it.
 */
@Singleton
public class Unionids {
  private final RedisSessions sessions;
  private final UserSessions ofUser;

  Unionids(RedisSessions sessions, UserSessions ofUser) {
    this.sessions = sessions;
    this.ofUser = ofUser;
  }

  /**
   * Notes it in all sessions of the user: in this one last, so that a retry can go on. It counts
   * from the next request on. Does not extend the sessions.
   */
  public Uni<Void> learn(SessionToken token, Session session, String unionid) {
    if (session.unionid().equals(Optional.of(unionid))) {
      return Uni.createFrom().voidItem();
    }
    var user = session.user();
    var own = token.id();
    return ofUser
        .find(user)
        .onItem()
        .transformToMulti(all -> Multi.createFrom().iterable(all))
        .filter(each -> !each.entry().id().equals(own))
        .onItem()
        .transformToUniAndConcatenate(each -> note(user, each.entry().id(), each.found(), unionid))
        .onItem()
        .ignoreAsUni()
        .chain(() -> sessions.find(own).flatMap(found -> note(user, own, found, unionid)));
  }

  /** Again if something else was noted in between. */
  private Uni<Void> note(UserId user, String id, Optional<Found> found, String unionid) {
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
                                : sessions.find(id).flatMap(now -> note(user, id, now, unionid))))
        .orElseGet(Uni.createFrom()::voidItem);
  }
}
