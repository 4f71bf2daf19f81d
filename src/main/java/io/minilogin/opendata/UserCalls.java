package io.minilogin.opendata;

import io.minilogin.accesstoken.AccessTokens;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.async.EventLoop;
import io.minilogin.session.Session;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCallException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * Calls to WeChat on behalf of a user, with the access token of the user's app, counted, and with
 * an end: what has not been answered by then is a {@link Refusal#TIMEOUT}.
 */
@Singleton
class UserCalls {
  /** After the session was found, which takes up to 1 s: less than 5 s in all. */
  static final Duration LONGEST = Duration.ofMillis(3900);

  private final WechatApps apps;
  private final AccessTokens tokens;
  private final OpenDataMetrics metrics;

  UserCalls(WechatApps apps, AccessTokens tokens, OpenDataMetrics metrics) {
    this.apps = apps;
    this.tokens = tokens;
    this.metrics = metrics;
  }

  /** Makes the call, once more if WeChat refuses the access token. */
  <T> Uni<T> make(Session user, BiFunction<WechatApp, Secret, Uni<T>> call) {
    // A session opens under the secret of its app only, so that app is configured.
    var app = apps.find(user.appid()).orElseThrow();
    return tokens.use(app, token -> call.apply(app, token));
  }

  /** Gives the work its end, and counts it under the name. */
  <T> Uni<T> ended(Session user, String name, Uni<T> work) {
    return metrics.counted(
        user.appid(),
        name,
        work.ifNoItem()
            .after(LONGEST)
            .on(EventLoop.timers())
            .failWith(() -> new RefusedCallException(Refusal.TIMEOUT)));
  }
}
