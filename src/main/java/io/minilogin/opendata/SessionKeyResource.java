package io.minilogin.opendata;

import io.minilogin.app.Secret;
import io.minilogin.session.Session;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.SessionPrincipal;
import io.minilogin.wechat.WechatGateway;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * The user's session key, which nobody gets to see: whether it is still good, and to have WeChat
 * issue a new one. Bodies are ignored.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html">checkSessionKey</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html">resetUserSessionKey</a>
 */
@Authenticated
@Path("/session/key")
class SessionKeyResource {
  private final SessionKeys keys;
  private final WechatGateway wechat;
  private final UserCalls calls;
  private final SecurityIdentity caller;

  SessionKeyResource(
      SessionKeys keys, WechatGateway wechat, UserCalls calls, SecurityIdentity caller) {
    this.keys = keys;
    this.wechat = wechat;
    this.calls = calls;
    this.caller = caller;
  }

  @POST
  @Path("/check")
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<SessionKeyCheck>> check() {
    var user = SessionPrincipal.of(caller).session();
    return calls
        .ended(user, "key-check", keys.find(user).flatMap(known -> isValid(user, known)))
        .map(valid -> notStored(ResponseBuilder.ok(new SessionKeyCheck(valid))));
  }

  @POST
  @Path("/reset")
  public Uni<RestResponse<Void>> reset() {
    var user = SessionPrincipal.of(caller).session();
    return calls
        .ended(user, "key-reset", keys.renew(user, current -> renewed(user, current)))
        .map(done -> notStored(ResponseBuilder.<Void>noContent()));
  }

  private Uni<Boolean> isValid(Session user, List<Secret> known) {
    return known.isEmpty()
        ? Uni.createFrom().item(false)
        : calls.make(
            user,
            (app, token) -> wechat.isSessionKeyValid(app, token, user.openid(), known.get(0)));
  }

  private Uni<Secret> renewed(Session user, Secret current) {
    return calls.make(
        user, (app, token) -> wechat.resetSessionKey(app, token, user.openid(), current));
  }

  private static <T> RestResponse<T> notStored(ResponseBuilder<T> response) {
    return response.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
