package io.minilogin.seal;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The seals of all configured apps. Made at the start, and tried: the first login must not pay for
 * loading the cryptography, and a platform without it must not get one.
 *
 * <p>Values are unsealed under an app's secret and under its previous one. They are sealed under
 * the previous one at first, because other instances may not know the new secret yet, and under the
 * new one after {@link #sealUnderNewSecret}. An app without a previous secret has one seal only.
 *
 * <p>A user's name is keyed like the values, and there may be two as well: the one in use, and
 * either one that is to be given up or one that others use already.
 */
@Startup
@Singleton
public class Seals {

  /**
   * An unsealed value.
   *
   * @param appid the app under whose secret it was sealed
   */
  public record Unsealed(String appid, byte[] plaintext) {}

  /**
   * The seals of one app.
   *
   * @param previous under the secret before
   * @param isDelayed whether the previous one still is the one that seals
   */
  private record OfApp(AppSeal current, Optional<AppSeal> previous, boolean isDelayed) {
    AppSeal inUse() {
      return isDelayed ? previous.orElseThrow() : current;
    }

    Stream<AppSeal> all() {
      return Stream.concat(Stream.of(current), previous.stream());
    }
  }

  private record Known(Map<String, OfApp> byAppid, Map<Integer, AppSeal> byKeyId) {
    OfApp of(String appid) {
      return Objects.requireNonNull(byAppid.get(appid), "not a configured app");
    }
  }

  private volatile Known known = new Known(Map.of(), Map.of());
  private volatile Consumer<Purpose> onRefused = purpose -> {};

  Seals(WechatApps apps) {
    change(apps.all());
    for (WechatApp app : apps.all()) {
      var value = seal(app.appid(), Purpose.SESSION, "", new byte[1]);
      if (unseal(Purpose.SESSION, "", value).isEmpty()) {
        throw new IllegalStateException("what was sealed here cannot be unsealed here");
      }
    }
    apps.onChange(this::change);
  }

  /** The value is bound to the Redis key; the app must be a configured one. */
  public byte[] seal(String appid, Purpose purpose, String redisKey, byte[] plaintext) {
    return known.of(appid).inUse().seal(purpose, redisKey, plaintext);
  }

  /** Empty when no configured app's secret sealed this for the purpose and the Redis key. */
  public Optional<Unsealed> unseal(Purpose purpose, String redisKey, byte[] sealed) {
    var unsealed =
        sealOf(sealed)
            .flatMap(
                seal ->
                    seal.unseal(purpose, redisKey, sealed)
                        .map(text -> new Unsealed(seal.appid(), text)));
    if (unsealed.isEmpty()) {
      onRefused.accept(purpose);
    }
    return unsealed;
  }

  /** Has this told of each value that could not be unsealed. */
  public void onRefused(Consumer<Purpose> action) {
    onRefused = action;
  }

  /** Whether it was sealed under a secret that is to be given up, and should be sealed anew. */
  public boolean isOutdated(byte[] sealed) {
    return sealOf(sealed)
        .filter(
            seal -> {
              var ofApp = known.of(seal.appid());
              return !ofApp.isDelayed() && seal.keyId() != ofApp.current().keyId();
            })
        .isPresent();
  }

  /** Names a user without revealing the openid: 22 characters of base64url. */
  public String userHash(String appid, String openid) {
    return known.of(appid).inUse().userHash(openid);
  }

  /** The user's name that is to be given up, if there is one. */
  public Optional<String> outdatedUserHash(String appid, String openid) {
    var seals = known.of(appid);
    return seals.previous().filter(it -> !seals.isDelayed()).map(it -> it.userHash(openid));
  }

  /**
   * The user's name that instances use which seal under the new secret already, if there is one.
   */
  public Optional<String> upcomingUserHash(String appid, String openid) {
    var seals = known.of(appid);
    return Optional.of(seals.current())
        .filter(it -> seals.isDelayed())
        .map(it -> it.userHash(openid));
  }

  /** The apps whose previous secret still seals. */
  public List<String> delayed() {
    return known.byAppid().entrySet().stream()
        .filter(app -> app.getValue().isDelayed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Tells the app's secret from others without revealing it: 8 hexadecimal digits. */
  public String secretId(String appid) {
    return HexFormat.of().toHexDigits(known.of(appid).current().keyId());
  }

  /**
   * All instances know the secret by now.
   *
   * @param secretId of the secret that is meant; nothing happens if it is not the app's any more
   */
  public synchronized void sealUnderNewSecret(String appid, String secretId) {
    if (secretId(appid).equals(secretId)) {
      var seals = known.of(appid);
      var byAppid = new HashMap<>(known.byAppid());
      byAppid.put(appid, new OfApp(seals.current(), seals.previous(), false));
      known = new Known(byAppid, known.byKeyId());
    }
  }

  private synchronized void change(Collection<WechatApp> apps) {
    var byAppid = new HashMap<String, OfApp>();
    var byKeyId = new HashMap<Integer, AppSeal>();
    for (var app : apps) {
      var seals = seals(app);
      byAppid.put(app.appid(), seals);
      seals.all().forEach(seal -> byKeyId.put(seal.keyId(), seal));
    }
    known = new Known(byAppid, byKeyId);
  }

  private OfApp seals(WechatApp app) {
    var current = new AppSeal(app.appid(), app.secret());
    var before = Optional.ofNullable(known.byAppid().get(app.appid()));
    var isInUse = before.filter(it -> it.inUse().keyId() == current.keyId()).isPresent();
    var previous = app.previousSecret().map(secret -> new AppSeal(app.appid(), secret));
    return new OfApp(current, previous, previous.isPresent() && !isInUse);
  }

  private Optional<AppSeal> sealOf(byte[] sealed) {
    return AppSeal.keyIdOf(sealed).map(known.byKeyId()::get);
  }
}
