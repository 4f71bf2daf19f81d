package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Makes calls to WeChat that need an access token.
 *
 * <p>Redis is asked for the token at each call, which is cheap beside the call, so that all
 * instances use a new token at once.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html">getStableAccessToken</a>
 */
@Singleton
public class AccessTokens {
  private final RedisAccessTokens tokens;
  private final AccessTokenRefresh refresh;
  private final TokenEvidence evidence;
  private final Clock clock;

  AccessTokens(
      RedisAccessTokens tokens, AccessTokenRefresh refresh, TokenEvidence evidence, Clock clock) {
    this.tokens = tokens;
    this.refresh = refresh;
    this.evidence = evidence;
    this.clock = clock;
  }

  /**
   * Makes a call of the service's own with the app's token. If WeChat refuses the token and another
   * one can be had, the call is made once more. Fails with the problem of a refresh of the token,
   * or with {@link StoreUnavailableException}.
   *
   * @param name of the call
   */
  public <T> Uni<WechatOutcome<T>> use(
      WechatApp app, String name, Function<Secret, Uni<WechatOutcome<T>>> call) {
    return new Use<>(
            app,
            name,
            ForcedRefreshes.MOST,
            call,
            outcome -> outcome.isRefused(Refusal.TOKEN_REJECTED),
            outcome -> Refused.of(Refusal.NO_OTHER_TOKEN))
        .made(true);
  }

  /**
   * Makes a call that a backend asks for with the app's token. If WeChat refuses the token, another
   * one is fetched. Such calls force a part of the day's refreshes only.
   *
   * @param path of WeChat's API
   * @param isRepeatable whether the call may be made once more with another token
   * @param isRefused whether a result says that WeChat refuses the token
   */
  public <T> Uni<T> useForBackend(
      WechatApp app,
      String path,
      boolean isRepeatable,
      Function<Secret, Uni<T>> call,
      Predicate<T> isRefused) {
    return new Use<>(
            app, path, ForcedRefreshes.MOST_FOR_BACKENDS, call, isRefused, UnaryOperator.identity())
        .made(isRepeatable);
  }

  private final class Use<T> {
    private final WechatApp app;
    private final String path;
    private final int mostForced;
    private final Function<Secret, Uni<T>> call;
    private final Predicate<T> isRefused;

    /** What to make of a refusal when there is no other token. */
    private final UnaryOperator<T> withoutOther;

    Use(
        WechatApp app,
        String path,
        int mostForced,
        Function<Secret, Uni<T>> call,
        Predicate<T> isRefused,
        UnaryOperator<T> withoutOther) {
      this.app = app;
      this.path = path;
      this.mostForced = mostForced;
      this.call = call;
      this.isRefused = isRefused;
      this.withoutOther = withoutOther;
    }

    Uni<T> made(boolean isRepeatable) {
      return current(app)
          .flatMap(
              token -> {
                var sent = System.nanoTime();
                return call.apply(token.text())
                    .flatMap(
                        result -> {
                          if (isRefused.test(result)) {
                            return refused(token.text(), sent, result, isRepeatable);
                          }
                          evidence.accepted(app.appid(), path, token.text(), sent);
                          return Uni.createFrom().item(result);
                        });
              });
    }

    private Uni<T> refused(Secret token, long sent, T result, boolean isRepeatable) {
      evidence.refused(app.appid(), path, token);
      var replaced =
          replaced(token, sent)
              .invoke(
                  other -> {
                    if (!other.equals(token)) {
                      evidence.replaced(app.appid(), path, other);
                    }
                  });
      return isRepeatable
          ? replaced
              .flatMap(
                  other ->
                      other.equals(token)
                          ? Uni.createFrom().item(withoutOther.apply(result))
                          : madeAgain(other))
              .onFailure()
              .transform(StoreUnavailableException::afterSending)
          : replaced.onFailure().recoverWithItem(token).replaceWith(result);
    }

    private Uni<T> madeAgain(Secret other) {
      var sent = System.nanoTime();
      return call.apply(other)
          .invoke(
              result -> {
                if (isRefused.test(result)) {
                  evidence.refused(app.appid(), path, other);
                } else {
                  evidence.accepted(app.appid(), path, other, sent);
                }
              });
    }

    /** The token to use from now on: the refused one if there is reason to believe it is good. */
    private Uni<Secret> replaced(Secret refused, long sent) {
      return tokens
          .find(app.appid())
          .flatMap(
              known -> {
                var isKnown = known.filter(it -> it.isGood(clock.instant())).map(AccessToken::text);
                return isKnown.filter(it -> !it.equals(refused)).isPresent()
                    ? Uni.createFrom().item(isKnown.get())
                    : checked(refused, sent);
              });
    }

    private Uni<Secret> checked(Secret refused, long sent) {
      if (evidence.isGood(app.appid(), refused, sent) || !evidence.mayCheck(app.appid(), path)) {
        return Uni.createFrom().item(refused);
      }
      return refresh
          .replace(
              app,
              refused,
              evidence.isDistrusted(app.appid(), path) ? 0 : mostForced,
              () -> evidence.isGood(app.appid(), refused, sent))
          .map(AccessToken::text);
    }
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
    return EventLoop.limit(Deadlines.ACCESS_TOKEN_PATIENCE, refresh.run(app), TimeoutException::new)
        .onFailure()
        .recoverWithItem(good);
  }
}
