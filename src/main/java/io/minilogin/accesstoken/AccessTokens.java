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
    return execute(
        new Call<>(
            app,
            name,
            ForcedRefreshes.MOST,
            true,
            call,
            outcome -> outcome.isRefused(Refusal.TOKEN_REJECTED),
            outcome -> Refused.of(Refusal.NO_OTHER_TOKEN)));
  }

  /**
   * Makes a call of a backend with the app's token. If WeChat refuses the token, requests a new
   * token. Backends' calls may force only a part of the day's refreshes.
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
    return execute(
        new Call<>(
            app,
            path,
            ForcedRefreshes.MOST_FOR_BACKENDS,
            isRepeatable,
            call,
            isRefused,
            UnaryOperator.identity()));
  }

  /**
   * A call that needs a token.
   *
   * @param onNoOtherToken maps the refused result if there is no other token
   */
  private record Call<T>(
      WechatApp app,
      String path,
      int mostForced,
      boolean isRepeatable,
      Function<Secret, Uni<T>> sending,
      Predicate<T> isRefused,
      UnaryOperator<T> onNoOtherToken) {
    String appid() {
      return app.appid();
    }
  }

  private <T> Uni<T> execute(Call<T> call) {
    return currentToken(call.app())
        .flatMap(
            token -> {
              var sent = System.nanoTime();
              return send(call, token.text(), sent)
                  .flatMap(
                      result ->
                          call.isRefused().test(result)
                              ? refused(call, token.text(), sent, result)
                              : Uni.createFrom().item(result));
            });
  }

  /** Makes the call and records whether WeChat accepted the token. */
  private <T> Uni<T> send(Call<T> call, Secret token, long sent) {
    return call.sending()
        .apply(token)
        .invoke(
            result -> {
              if (call.isRefused().test(result)) {
                evidence.refused(call.appid(), call.path(), token);
              } else {
                evidence.accepted(call.appid(), call.path(), token, sent);
              }
            });
  }

  private <T> Uni<T> refused(Call<T> call, Secret token, long sent, T result) {
    var replacement =
        replace(call, token, sent)
            .invoke(
                other -> {
                  if (!other.equals(token)) {
                    evidence.replaced(call.appid(), call.path(), other);
                  }
                });
    return call.isRepeatable()
        ? replacement
            .flatMap(
                other ->
                    other.equals(token)
                        ? Uni.createFrom().item(call.onNoOtherToken().apply(result))
                        : send(call, other, System.nanoTime()))
            .onFailure()
            .transform(StoreUnavailableException::afterSending)
        : replacement.onFailure().recoverWithItem(token).replaceWith(result);
  }

  /** Returns the token to use from now on; the refused token if it seems to be valid. */
  private Uni<Secret> replace(Call<?> call, Secret refused, long sent) {
    return tokens
        .find(call.appid())
        .flatMap(
            known ->
                known
                    .filter(it -> it.isGood(clock.instant()))
                    .map(AccessToken::text)
                    .filter(text -> !text.equals(refused))
                    .map(Uni.createFrom()::item)
                    .orElseGet(() -> replaceUnlessGood(call, refused, sent)));
  }

  private Uni<Secret> replaceUnlessGood(Call<?> call, Secret refused, long sent) {
    var appid = call.appid();
    if (evidence.isGood(appid, refused, sent) || !evidence.mayCheck(appid, call.path())) {
      return Uni.createFrom().item(refused);
    }
    var mostForced = evidence.isDistrusted(appid, call.path()) ? 0 : call.mostForced();
    return refresh
        .replace(call.app(), refused, mostForced, () -> evidence.isGood(appid, refused, sent))
        .map(AccessToken::text);
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
