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
 * <p>Each call reads the token from Redis, so that all instances use a new token at once. Compared
 * with the call, the read is cheap.
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
   * Makes one of the service's own calls with the app's token. If WeChat refuses the token and
   * returns a new token, the call is retried once. Fails with the problem of the token refresh or
   * with {@link StoreUnavailableException}.
   *
   * @param name the name of the call
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
        .execute(true);
  }

  /**
   * Makes a call of a backend with the app's token. If WeChat refuses the token, a new token is
   * requested. Such calls may force only a part of the day's refreshes.
   *
   * @param path the path of WeChat's API
   * @param isRepeatable whether the call may be retried with a new token
   * @param isRefused whether a result means that WeChat refuses the token
   */
  public <T> Uni<T> useForBackend(
      WechatApp app,
      String path,
      boolean isRepeatable,
      Function<Secret, Uni<T>> call,
      Predicate<T> isRefused) {
    return new Use<>(
            app, path, ForcedRefreshes.MOST_FOR_BACKENDS, call, isRefused, UnaryOperator.identity())
        .execute(isRepeatable);
  }

  private final class Use<T> {
    private final WechatApp app;
    private final String path;
    private final int mostForced;
    private final Function<Secret, Uni<T>> call;
    private final Predicate<T> isRefused;

    /** Maps the refused result if there is no other token. */
    private final UnaryOperator<T> onNoOtherToken;

    Use(
        WechatApp app,
        String path,
        int mostForced,
        Function<Secret, Uni<T>> call,
        Predicate<T> isRefused,
        UnaryOperator<T> onNoOtherToken) {
      this.app = app;
      this.path = path;
      this.mostForced = mostForced;
      this.call = call;
      this.isRefused = isRefused;
      this.onNoOtherToken = onNoOtherToken;
    }

    Uni<T> execute(boolean isRepeatable) {
      return currentToken(app)
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
      var replacement =
          replace(token, sent)
              .invoke(
                  other -> {
                    if (!other.equals(token)) {
                      evidence.replaced(app.appid(), path, other);
                    }
                  });
      return isRepeatable
          ? replacement
              .flatMap(
                  other ->
                      other.equals(token)
                          ? Uni.createFrom().item(onNoOtherToken.apply(result))
                          : retry(other))
              .onFailure()
              .transform(StoreUnavailableException::afterSending)
          : replacement.onFailure().recoverWithItem(token).replaceWith(result);
    }

    private Uni<T> retry(Secret other) {
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
    private Uni<Secret> replace(Secret refused, long sent) {
      return tokens
          .find(app.appid())
          .flatMap(
              known -> {
                var isKnown = known.filter(it -> it.isGood(clock.instant())).map(AccessToken::text);
                return isKnown.filter(it -> !it.equals(refused)).isPresent()
                    ? Uni.createFrom().item(isKnown.get())
                    : replaceUnlessGood(refused, sent);
              });
    }

    private Uni<Secret> replaceUnlessGood(Secret refused, long sent) {
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

  private Uni<AccessToken> currentToken(WechatApp app) {
    return tokens.find(app.appid()).flatMap(known -> currentToken(app, known));
  }

  private Uni<AccessToken> currentToken(WechatApp app, Optional<AccessToken> known) {
    var now = clock.instant();
    var good = known.filter(token -> token.isGood(now));
    if (good.isEmpty()) {
      return refresh.run(app);
    }
    var token = good.get();
    return token.isDue(now) && !refresh.isUnderWay(app)
        ? refreshEarly(app, token)
        : Uni.createFrom().item(token);
  }

  /**
   * Refreshes a token before it expires. After any failure, returns the old token, which is still
   * valid.
   */
  private Uni<AccessToken> refreshEarly(WechatApp app, AccessToken good) {
    return EventLoop.limit(Deadlines.ACCESS_TOKEN_PATIENCE, refresh.run(app), TimeoutException::new)
        .onFailure()
        .recoverWithItem(good);
  }
}
