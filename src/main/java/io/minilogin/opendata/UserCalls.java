package io.minilogin.opendata;

import io.minilogin.accesstoken.AccessTokens;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.problem.Action;
import io.minilogin.problem.ProblemException;
import io.minilogin.session.Session;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.BiFunction;

/**
 * Makes calls to WeChat on behalf of a user, with the access token of the user's app. A call that
 * exceeds the deadline fails with {@link Refusal#TIMEOUT}.
 */
@Singleton
class UserCalls {
  private final WechatApps apps;
  private final AccessTokens tokens;

  UserCalls(WechatApps apps, AccessTokens tokens) {
    this.apps = apps;
    this.tokens = tokens;
  }

  /**
   * Makes the call, and retries it once if WeChat refuses the access token.
   *
   * @param name the name of the call
   */
  <T> Uni<T> make(
      Session user, String name, BiFunction<WechatApp, Secret, Uni<WechatOutcome<T>>> call) {
    // A session is sealed under the secret of its app, so that app is configured.
    var app = apps.find(user.user().appid()).orElseThrow();
    return tokens.use(app, name, token -> call.apply(app, token)).map(WechatOutcome::orThrow);
  }

  /**
   * Adds the deadline {@link Deadlines#USER_CALL} to the work.
   *
   * @param inPlaceOfLogin the action for the client, instead of a login, after a failure of WeChat
   */
  static <T> Uni<T> ended(Action inPlaceOfLogin, Uni<T> work) {
    return EventLoop.limit(
            Deadlines.USER_CALL, work, () -> new ProblemException(Refusal.TIMEOUT.problem()))
        .onFailure()
        .transform(failure -> ProblemException.inPlaceOfLogin(failure, inPlaceOfLogin));
  }
}
