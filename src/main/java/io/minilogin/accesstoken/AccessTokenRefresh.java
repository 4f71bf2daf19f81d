package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.async.SingleFlight;
import io.minilogin.redis.RedisLock;
import io.minilogin.wechat.IssuedAccessToken;
import io.minilogin.wechat.WechatGateway;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatTelemetry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Requests a new access token from WeChat. One instance requests a token at a time; the other
 * instances read this token from Redis.
 *
 * <p>WeChat normally returns the current token until it is about to expire. If WeChat refuses a
 * token and then returns the same token again, the refresh is forced, and only then. A forced
 * refresh ends the old token for all instances at once, and its quota is small.
 */
@Singleton
class AccessTokenRefresh {
  private final WechatGateway wechat;
  private final WechatTelemetry telemetry;
  private final RedisAccessTokens tokens;
  private final RedisLock lock;
  private final Clock clock;
  private final SingleFlight<String, AccessToken> underWay = new SingleFlight<>();
  private final SingleFlight<String, AccessToken> replacing = new SingleFlight<>();

  AccessTokenRefresh(
      WechatGateway wechat,
      WechatTelemetry telemetry,
      RedisAccessTokens tokens,
      RedisLock lock,
      Clock clock) {
    this.wechat = wechat;
    this.telemetry = telemetry;
    this.tokens = tokens;
    this.lock = lock;
    this.clock = clock;
  }

  /** Whether this instance is refreshing the app's token. */
  boolean isUnderWay(WechatApp app) {
    return underWay.isUnderWay(app.appid());
  }

  /**
   * Returns a valid token. If the refresh of the current token is due, requests a new token; if
   * that fails, returns the current token as long as it is valid. Otherwise fails with the problem
   * of the call to WeChat.
   */
  Uni<AccessToken> run(WechatApp app) {
    return underWay.join(
        app.appid(), () -> locked(app, known -> refreshIfDue(app, known), this::isGood));
  }

  /**
   * Does the work under the app's lock, or returns a token that another instance has stored
   * meanwhile.
   */
  private Uni<AccessToken> locked(
      WechatApp app,
      Function<Optional<AccessToken>, Uni<? extends AccessToken>> work,
      Predicate<AccessToken> isWanted) {
    var appid = app.appid();
    return lock.locked(
        "ml:l:t:" + appid,
        () -> tokens.find(appid).flatMap(work),
        () -> tokens.find(appid).map(known -> known.filter(isWanted)));
  }

  private Uni<AccessToken> refreshIfDue(WechatApp app, Optional<AccessToken> known) {
    if (known.isPresent() && !known.get().isDue(clock.instant())) {
      // Another instance was faster.
      return Uni.createFrom().item(known.get());
    }
    return requestToken(app, false)
        .map(issued -> accessToken(issued, known))
        .call(token -> tokens.save(app.appid(), token))
        .onFailure(e -> known.filter(this::isGood).isPresent())
        .recoverWithUni(e -> postpone(app, known.get(), e));
  }

  /**
   * Postpones the next attempt. Reads the token again, because the token from the start of the
   * attempt may have been replaced or may have expired.
   */
  private Uni<AccessToken> postpone(WechatApp app, AccessToken known, Throwable failure) {
    return tokens
        .postpone(app.appid(), known.text(), clock.instant())
        .map(there -> there.filter(this::isGood))
        .flatMap(
            good ->
                good.map(Uni.createFrom()::item)
                    .orElseGet(() -> Uni.createFrom().failure(failure)));
  }

  /**
   * Requests a new token after WeChat refused this token. If WeChat returns no other token, returns
   * the refused token, which stays in use. Fails with the problem of the call to WeChat.
   *
   * @param mostForced limit on forced refreshes in a day
   * @param isGood whether WeChat has accepted the refused token in a later call
   */
  Uni<AccessToken> replace(WechatApp app, Secret refused, int mostForced, BooleanSupplier isGood) {
    Predicate<AccessToken> isOther = token -> isGood(token) && !token.text().equals(refused);
    return replacing.join(
        app.appid() + mostForced,
        () ->
            locked(
                app,
                known ->
                    known
                        .filter(isOther)
                        .map(Uni.createFrom()::item)
                        .orElseGet(() -> replaceUnderLock(app, known, refused, mostForced, isGood)),
                isOther));
  }

  private Uni<AccessToken> replaceUnderLock(
      WechatApp app,
      Optional<AccessToken> known,
      Secret refused,
      int mostForced,
      BooleanSupplier isGood) {
    return requestToken(app, false)
        .flatMap(
            issued -> {
              var token = accessToken(issued, known);
              if (!issued.text().equals(refused)) {
                return tokens.save(app.appid(), token).replaceWith(token);
              }
              return isGood.getAsBoolean()
                  ? Uni.createFrom().item(token)
                  : forceRefresh(app, token, mostForced);
            });
  }

  /**
   * Forces a refresh. Counts it before sending, because WeChat also counts a call whose reply is
   * lost.
   */
  private Uni<AccessToken> forceRefresh(WechatApp app, AccessToken refused, int most) {
    if (!refused.forced().allowOne(clock.instant(), most)) {
      telemetry.gaveNoOtherToken(app.appid());
      return Uni.createFrom().item(refused);
    }
    var counted = refused.forcedAt(clock.instant());
    return tokens
        .save(app.appid(), counted)
        .chain(() -> requestToken(app, true))
        .flatMap(
            issued -> {
              if (issued.text().equals(refused.text())) {
                telemetry.gaveNoOtherToken(app.appid());
                return Uni.createFrom().item(counted);
              }
              var other = accessToken(issued, Optional.of(counted));
              return tokens.save(app.appid(), other).replaceWith(other);
            });
  }

  private Uni<IssuedAccessToken> requestToken(WechatApp app, boolean forced) {
    return wechat.accessToken(app, forced).map(WechatOutcome::orThrow);
  }

  private AccessToken accessToken(IssuedAccessToken issued, Optional<AccessToken> before) {
    var forced = before.map(AccessToken::forced).orElse(ForcedRefreshes.NONE);
    return AccessToken.of(issued, forced, clock.instant());
  }

  private boolean isGood(AccessToken token) {
    return token.isGood(clock.instant());
  }
}
