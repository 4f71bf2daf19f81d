package io.minilogin.session;

import io.minilogin.session.RedisSessions.Found;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The unionid of users of whom WeChat told none at their login. It is kept in each of their
 * sessions, where whoever asks about a token finds it.
 */
@Singleton
public class Unionids {
  private final RedisSessions sessions;
  private final RedisUsers users;

  Unionids(RedisSessions sessions, RedisUsers users) {
    this.sessions = sessions;
    this.users = users;
  }

  /**
   * Notes it in all sessions of the user: in this one last, so that a retry can go on. It counts
   * from the next request on. For the other sessions this is no use.
   */
  public Uni<Void> learn(SessionToken token, Session session, String unionid) {
    if (session.unionid().equals(Optional.of(unionid))) {
      return Uni.createFrom().voidItem();
    }
    return users
        .adopt(session.appid(), session.openid())
        .chain(() -> users.entries(session.appid(), session.openid()))
        .map(entries -> lastly(token.id(), entries))
        .onItem()
        .transformToMulti(ids -> Multi.createFrom().iterable(ids))
        .onItem()
        .transformToUniAndConcatenate(id -> note(id, unionid))
        .onItem()
        .ignoreAsUni();
  }

  private static List<String> lastly(String id, List<RedisUsers.Entry> entries) {
    var others = entries.stream().map(RedisUsers.Entry::id).filter(other -> !other.equals(id));
    return Stream.concat(others, Stream.of(id)).toList();
  }

  private Uni<Void> note(String id, String unionid) {
    return sessions
        .find(id)
        .flatMap(
            found ->
                found
                    .filter(f -> !f.session().unionid().equals(Optional.of(unionid)))
                    .map(f -> note(id, f, unionid))
                    .orElseGet(Uni.createFrom()::voidItem));
  }

  /** Again if a use was noted in between. */
  private Uni<Void> note(String id, Found found, String unionid) {
    return sessions
        .replace(id, found, found.session().withUnionid(unionid))
        .flatMap(done -> done ? Uni.createFrom().voidItem() : note(id, unionid));
  }
}
