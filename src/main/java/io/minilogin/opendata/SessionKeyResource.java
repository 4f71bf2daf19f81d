package io.minilogin.opendata;

import io.minilogin.app.Secret;
import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.problem.Action;
import io.minilogin.problem.ProblemException;
import io.minilogin.session.Caller;
import io.minilogin.session.Session;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.WithSession;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatGateway;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/**
 * Checks the user's session key with WeChat, and requests a new key. The key is never part of a
 * response. Request bodies are ignored.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html">checkSessionKey</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html">resetUserSessionKey</a>
 */
@WithSession
@Path("/session/key")
class SessionKeyResource {
  private final SessionKeys keys;
  private final WechatGateway wechat;
  private final UserCalls calls;
  private final Caller caller;

  SessionKeyResource(SessionKeys keys, WechatGateway wechat, UserCalls calls, Caller caller) {
    this.keys = keys;
    this.wechat = wechat;
    this.calls = calls;
    this.caller = caller;
  }

  @POST
  @Path("/check")
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<SessionKeyCheck> check() {
    var user = caller.session();
    return UserCalls.ended(
            Action.RETRY, keys.current(user.user()).flatMap(known -> isValid(user, known)))
        .map(SessionKeyCheck::new);
  }

  @POST
  @Path("/reset")
  public Uni<Void> reset() {
    var user = caller.session();
    return UserCalls.ended(
        Action.LOGIN, keys.renew(user.user(), current -> renewed(user, current)));
  }

  private Uni<Boolean> isValid(Session user, Optional<Secret> known) {
    return known
        .map(
            key ->
                calls.make(
                    user,
                    "session-key-check",
                    (app, token) ->
                        wechat.isSessionKeyValid(app, token, user.user().openid(), key)))
        .orElseGet(() -> Uni.createFrom().item(false));
  }

  /** Requests a new session key. Ends before the lock for renewals of session keys expires. */
  private Uni<Secret> renewed(Session user, Secret current) {
    return EventLoop.limit(
        Deadlines.KEY_RENEWAL,
        calls.make(
            user,
            "session-key-reset",
            (app, token) -> wechat.resetSessionKey(app, token, user.user().openid(), current)),
        () -> new ProblemException(Refusal.TIMEOUT.problem()));
  }
}
