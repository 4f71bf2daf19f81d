package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes calls to WeChat that need an access token.
 *
 * <p>Redis is asked for it each time, which is cheap beside the call, so that a token that one
 * instance has had refused is at once out of use for all.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html">getStableAccessToken</a>
 */
@Singleton
public class AccessTokens {
  private final RedisAccessTokens tokens;
  private final AccessTokenRefresh refresh;
  private final Clock clock;

  AccessTokens(RedisAccessTokens tokens, AccessTokenRefresh refresh, Clock clock) {
    this.tokens = tokens;
    this.refresh = refresh;
    this.clock = clock;
  }

  /**
   * Makes the call with the app's token. If WeChat refuses the token, that one is dropped and the
   * call made once more with another. Fails with the problem of a refresh of the token, or with
   * {@link StoreUnavailableException}.
   */
  public <T> Uni<WechatOutcome<T>> use(
      WechatApp app, Function<Secret, Uni<WechatOutcome<T>>> call) {
    return current(app)
        .flatMap(
            token ->
                call.apply(token.text())
                    .flatMap(
                        outcome ->
                            outcome.isRefused(Refusal.TOKEN_REJECTED)
                                ? again(app, token, call)
                                : Uni.createFrom().item(outcome)));
  }

  /** Drops this access token, which WeChat has refused, unless another has taken its place. */
  public Uni<Void> drop(WechatApp app, Secret token) {
    return tokens.reject(app.appid(), token);
  }

  private <T> Uni<WechatOutcome<T>> again(
      WechatApp app, AccessToken rejected, Function<Secret, Uni<WechatOutcome<T>>> call) {
    return drop(app, rejected.text())
        .chain(() -> current(app))
        .flatMap(token -> call.apply(token.text()))
        .onFailure()
        .transform(StoreUnavailableException::afterSending);
  }

  private Uni<AccessToken> current(WechatApp app) {
    return tokens.find(app.appid()).flatMap(known -> current(app, known));
  }

  private Uni<AccessToken> current(WechatApp app, Optional<AccessToken> known) {
    var now = clock.instant();
    var good = known.filter(token -> token.isGood(now));
    if (good.isEmpty()) {
      return refresh.run(app);
    }
    var token = good.get();
    return token.isDue(now) && !refresh.isUnderWay(app)
        ? early(app, token)
        : Uni.createFrom().item(token);
  }

  /** Nobody must suffer for it, so the one that is still good takes the place of any failure. */
  private Uni<AccessToken> early(WechatApp app, AccessToken good) {
    return refresh
        .run(app)
        .ifNoItem()
        .after(Deadlines.ACCESS_TOKEN_PATIENCE)
        .on(EventLoop.timers())
        .recoverWithItem(good)
        .onFailure()
        .recoverWithItem(good);
  }
}
