package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.async.SingleFlight;
import io.minilogin.redis.RedisLock;
import io.minilogin.wechat.IssuedAccessToken;
import io.minilogin.wechat.WechatGateway;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatWatch;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Has another access token from WeChat: one instance does it at a time, the others read what it
 * got.
 *
 * <p>WeChat's normal answer is the token it gave before, until that is about to expire. So when
 * WeChat refuses a token and gives it again all the same, and only then, another is forced. Forcing
 * ends the old one for everybody at once, and its quota is small.
 */
@Singleton
class AccessTokenRefresh {
  private final WechatGateway wechat;
  private final WechatWatch watch;
  private final RedisAccessTokens tokens;
  private final RedisLock lock;
  private final Clock clock;
  private final SingleFlight<String, AccessToken> underWay = new SingleFlight<>();
  private final SingleFlight<String, AccessToken> replacing = new SingleFlight<>();

  AccessTokenRefresh(
      WechatGateway wechat,
      WechatWatch watch,
      RedisAccessTokens tokens,
      RedisLock lock,
      Clock clock) {
    this.wechat = wechat;
    this.watch = watch;
    this.tokens = tokens;
    this.lock = lock;
    this.clock = clock;
  }

  /** Whether this instance is at it. */
  boolean isUnderWay(WechatApp app) {
    return underWay.isUnderWay(app.appid());
  }

  /**
   * A token that calls can be made with: another one if the one there is is due and WeChat gives
   * one, else that one as long as it is good. Fails with the problem of the call to WeChat.
   */
  Uni<AccessToken> run(WechatApp app) {
    return underWay.join(
        app.appid(),
        () ->
            lock.locked(
                "ml:l:t:" + app.appid(),
                () -> tokens.find(app.appid()).flatMap(known -> refreshed(app, known)),
                () -> tokens.find(app.appid()).map(known -> known.filter(this::isGood))));
  }

  private Uni<AccessToken> refreshed(WechatApp app, Optional<AccessToken> known) {
    if (known.isPresent() && !known.get().isDue(clock.instant())) {
      // Another instance was faster.
      return Uni.createFrom().item(known.get());
    }
    return issued(app, known)
        .call(token -> tokens.save(app.appid(), token))
        .onFailure(e -> known.filter(this::isGood).isPresent())
        .recoverWithUni(e -> postponed(app, known.get(), e));
  }

  /** The one that was good when the attempt began may have been refused by now. */
  private Uni<AccessToken> postponed(WechatApp app, AccessToken known, Throwable failure) {
    return tokens
        .postpone(app.appid(), known.text(), clock.instant())
        .map(there -> there.filter(this::isGood))
        .flatMap(
            good ->
                good.map(Uni.createFrom()::item)
                    .orElseGet(() -> Uni.createFrom().failure(failure)));
  }

  private Uni<AccessToken> issued(WechatApp app, Optional<AccessToken> known) {
    return asked(app, false).map(issued -> token(issued, known));
  }

  /**
   * Gets a new token after WeChat refused this one. Returns the refused token if WeChat gives no
   * other; it stays in use then. Fails with the problem of the call to WeChat.
   *
   * @param mostForced how many refreshes may be forced on a day
   * @param isGood whether the refused one has turned out to be good after all
   */
  Uni<AccessToken> replace(WechatApp app, Secret refused, int mostForced, BooleanSupplier isGood) {
    return replacing.join(
        app.appid() + mostForced,
        () ->
            lock.locked(
                "ml:l:t:" + app.appid(),
                () ->
                    tokens
                        .find(app.appid())
                        .flatMap(
                            known ->
                                isOther(known, refused)
                                    ? Uni.createFrom().item(known.get())
                                    : replaced(app, known, refused, mostForced, isGood)),
                () ->
                    tokens
                        .find(app.appid())
                        .map(known -> known.filter(it -> isOther(known, refused)))));
  }

  private boolean isOther(Optional<AccessToken> known, Secret refused) {
    return known.filter(this::isGood).filter(it -> !it.text().equals(refused)).isPresent();
  }

  private Uni<AccessToken> replaced(
      WechatApp app,
      Optional<AccessToken> known,
      Secret refused,
      int mostForced,
      BooleanSupplier isGood) {
    return asked(app, false)
        .flatMap(
            issued -> {
              var token = token(issued, known);
              if (!issued.text().equals(refused)) {
                return tokens.save(app.appid(), token).replaceWith(token);
              }
              return isGood.getAsBoolean()
                  ? Uni.createFrom().item(token)
                  : forced(app, token, mostForced);
            });
  }

  /** Counted before it is sent, because WeChat may count one whose answer gets lost. */
  private Uni<AccessToken> forced(WechatApp app, AccessToken refused, int most) {
    if (!refused.forced().allowOne(clock.instant(), most)) {
      watch.gaveNoOtherToken(app.appid());
      return Uni.createFrom().item(refused);
    }
    var counted = refused.forcedAt(clock.instant());
    return tokens
        .save(app.appid(), counted)
        .chain(() -> asked(app, true))
        .flatMap(
            issued -> {
              if (issued.text().equals(refused.text())) {
                watch.gaveNoOtherToken(app.appid());
                return Uni.createFrom().item(counted);
              }
              var other = token(issued, Optional.of(counted));
              return tokens.save(app.appid(), other).replaceWith(other);
            });
  }

  private Uni<IssuedAccessToken> asked(WechatApp app, boolean forced) {
    return wechat.accessToken(app, forced).map(WechatOutcome::orThrow);
  }

  private AccessToken token(IssuedAccessToken issued, Optional<AccessToken> before) {
    var forced = before.map(AccessToken::forced).orElse(ForcedRefreshes.NONE);
    return AccessToken.of(issued, forced, clock.instant());
  }

  private boolean isGood(AccessToken token) {
    return token.isGood(clock.instant());
  }
}
