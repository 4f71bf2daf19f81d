package io.minilogin.opendata;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.session.Caller;
import io.minilogin.session.Session;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.SessionToken;
import io.minilogin.session.Unionids;
import io.minilogin.session.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * {@code POST /session/open-data}: decrypts and validates open data from the client API. A unionid
 * in the data is stored in the user's sessions.
 */
@WithSession
@Path("/session/open-data")
class OpenDataResource {
  private final SessionKeys keys;
  private final OpenDataReader reader;
  private final Unionids unionids;
  private final Caller caller;

  OpenDataResource(SessionKeys keys, OpenDataReader reader, Unionids unionids, Caller caller) {
    this.keys = keys;
    this.reader = reader;
    this.unionids = unionids;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<String> read(OpenDataRequest body) {
    var data = OpenDataRequest.checked(body);
    var token = caller.token();
    var session = caller.session();
    var text =
        keys.find(session.user())
            .map(known -> reader.read(data, session.user().appid(), known))
            .call(read -> learn(read, token, session))
            .map(OpenData::text);
    return EventLoop.limit(Deadlines.USER_CALL, text, StoreUnavailableException::new);
  }

  private Uni<Void> learn(OpenData read, SessionToken token, Session session) {
    return read.unionid()
        .map(unionid -> unionids.learn(token, session, unionid))
        .orElseGet(Uni.createFrom()::voidItem);
  }
}
