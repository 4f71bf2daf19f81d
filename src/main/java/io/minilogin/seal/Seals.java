package io.minilogin.seal;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The seals of all configured apps: seals under the current secrets, unseals under the previous
 * ones as well. Made at the start, and tried: the first login must not pay for loading the
 * cryptography, and a platform without it must not get one.
 */
@Startup
@Singleton
public class Seals {

  /**
   * An unsealed value.
   *
   * @param appid the app under whose secret it was sealed
   * @param outdated it was sealed under the app's previous secret and should be sealed anew
   */
  public record Unsealed(String appid, byte[] plaintext, boolean outdated) {}

  private final Map<String, AppSeal> current = new HashMap<>();
  private final Map<String, AppSeal> previous = new HashMap<>();
  private final Map<Integer, Known> byKeyId = new HashMap<>();

  private record Known(AppSeal seal, boolean outdated) {}

  Seals(WechatApps apps) {
    for (WechatApp app : apps.all()) {
      add(current, new AppSeal(app.appid(), app.secret()), false);
      app.previousSecret()
          .ifPresent(secret -> add(previous, new AppSeal(app.appid(), secret), true));
      var value = seal(app.appid(), Purpose.SESSION, "", new byte[1]);
      if (unseal(Purpose.SESSION, "", value).isEmpty()) {
        throw new IllegalStateException("what was sealed here cannot be unsealed here");
      }
    }
  }

  /** The value is bound to the Redis key; the app must be a configured one. */
  public byte[] seal(String appid, Purpose purpose, String redisKey, byte[] plaintext) {
    return current(appid).seal(purpose, redisKey, plaintext);
  }

  /** Empty when no configured app's secret sealed this for the purpose and the Redis key. */
  public Optional<Unsealed> unseal(Purpose purpose, String redisKey, byte[] sealed) {
    return AppSeal.keyIdOf(sealed)
        .map(byKeyId::get)
        .flatMap(
            known ->
                known
                    .seal()
                    .unseal(purpose, redisKey, sealed)
                    .map(text -> new Unsealed(known.seal().appid(), text, known.outdated())));
  }

  /** Names a user without revealing the openid: 22 characters of base64url. */
  public String userHash(String appid, String openid) {
    return current(appid).userHash(openid);
  }

  /** The user's name under the app's previous secret, if one is configured. */
  public Optional<String> previousUserHash(String appid, String openid) {
    return Optional.ofNullable(previous.get(appid)).map(seal -> seal.userHash(openid));
  }

  private AppSeal current(String appid) {
    return Objects.requireNonNull(current.get(appid), "not a configured app");
  }

  private void add(Map<String, AppSeal> seals, AppSeal seal, boolean outdated) {
    seals.put(seal.appid(), seal);
    byKeyId.put(seal.keyId(), new Known(seal, outdated));
  }
}
