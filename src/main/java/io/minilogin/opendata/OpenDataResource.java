package io.minilogin.opendata;

import io.minilogin.async.EventLoop;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.SessionPrincipal;
import io.minilogin.session.Unionids;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /session/open-data}: what the client API handed over, checked and readable. A unionid
 * in it is the user's from then on.
 */
@Authenticated
@Path("/session/open-data")
class OpenDataResource {
  private final SessionKeys keys;
  private final OpenDataOpener opener;
  private final Unionids unionids;
  private final OpenDataMetrics metrics;
  private final SecurityIdentity caller;

  OpenDataResource(
      SessionKeys keys,
      OpenDataOpener opener,
      Unionids unionids,
      OpenDataMetrics metrics,
      SecurityIdentity caller) {
    this.keys = keys;
    this.opener = opener;
    this.unionids = unionids;
    this.metrics = metrics;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<String>> open(OpenDataRequest body) {
    var data = OpenDataRequest.checked(body);
    var principal = SessionPrincipal.of(caller);
    return metrics
        .counted(principal.session().appid(), "open-data", opened(data, principal))
        .map(OpenDataResource::notStored);
  }

  private Uni<OpenData> opened(EncryptedData data, SessionPrincipal user) {
    return keys.find(user.session())
        .map(known -> opener.open(data, user.session().appid(), known))
        .call(opened -> learn(opened, user))
        .ifNoItem()
        .after(UserCalls.LONGEST)
        .on(EventLoop.timers())
        .failWith(StoreUnavailableException::new);
  }

  private Uni<Void> learn(OpenData opened, SessionPrincipal user) {
    return opened
        .unionid()
        .map(unionid -> unionids.learn(user.token(), user.session(), unionid))
        .orElseGet(Uni.createFrom()::voidItem);
  }

  private static RestResponse<String> notStored(OpenData opened) {
    return ResponseBuilder.ok(opened.text()).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
