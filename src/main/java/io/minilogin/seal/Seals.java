package io.minilogin.seal;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The seals of all configured apps. They are created and tried at the start, so that the first
 * login does not pay for loading the cryptography, and the service does not start on a platform
 * without it.
 *
 * <p>Values are unsealed under every secret of an app: the current one, the previous ones, and
 * dropped ones, which a changed configuration no longer has, until {@link #forget}. One secret
 * seals. At the start this is the newest previous secret, because other instances may not know the
 * current secret yet; {@link #sealUnder} changes it.
 */
@Startup
@Singleton
public class Seals {

  /**
   * An unsealed value.
   *
   * @param appid the app whose secret sealed the value
   */
  public record Unsealed(String appid, byte[] plaintext) {}

  private record Known(
      Map<String, AppSeals> byAppid, Map<Integer, AppSeal> byKeyId, Set<Integer> outdated) {
    static Known of(Map<String, AppSeals> byAppid) {
      var byKeyId = new HashMap<Integer, AppSeal>();
      byAppid.values().forEach(app -> app.all().forEach(seal -> byKeyId.put(seal.keyId(), seal)));
      var outdated = new HashSet<Integer>();
      byAppid.values().forEach(app -> app.outdated().map(AppSeal::keyId).forEach(outdated::add));
      return new Known(byAppid, byKeyId, outdated);
    }

    AppSeals of(String appid) {
      return Objects.requireNonNull(byAppid.get(appid), "not a configured app");
    }

    Known with(String appid, AppSeals changed) {
      var copy = new HashMap<>(byAppid);
      copy.put(appid, changed);
      return of(copy);
    }
  }

  private volatile Known known = Known.of(Map.of());
  private volatile Consumer<Purpose> onRefused = purpose -> {};

  Seals(WechatApps apps) {
    change(new WechatApps.Change(apps.all(), false));
    for (WechatApp app : apps.all()) {
      var value = seal(app.appid(), Purpose.SESSION, "", new byte[1]);
      if (unseal(Purpose.SESSION, "", value).isEmpty()) {
        throw new IllegalStateException("a value sealed by this instance cannot be unsealed");
      }
    }
    apps.onChange(this::change);
  }

  /** Seals a value and binds it to the Redis key. The app must be configured. */
  public byte[] seal(String appid, Purpose purpose, String redisKey, byte[] plaintext) {
    return known.of(appid).inUse().seal(purpose, redisKey, plaintext);
  }

  /** Seals a value like {@link #seal}, but under this secret of the app. */
  public byte[] sealUnder(
      String appid, String secretId, Purpose purpose, String redisKey, byte[] plaintext) {
    return known.of(appid).find(secretId).orElseThrow().seal(purpose, redisKey, plaintext);
  }

  /**
   * Returns the unsealed value; empty if no known secret of an app sealed it for this purpose and
   * this Redis key.
   */
  public Optional<Unsealed> unseal(Purpose purpose, String redisKey, byte[] sealed) {
    var unsealed =
        AppSeal.keyIdOf(sealed)
            .map(known.byKeyId()::get)
            .flatMap(
                seal ->
                    seal.unseal(purpose, redisKey, sealed)
                        .map(text -> new Unsealed(seal.appid(), text)));
    if (unsealed.isEmpty()) {
      onRefused.accept(purpose);
    }
    return unsealed;
  }

  /** Unseals a value like {@link #unseal}; empty also if a secret of another app sealed it. */
  public Optional<byte[]> unseal(String appid, Purpose purpose, String redisKey, byte[] sealed) {
    return unseal(purpose, redisKey, sealed)
        .filter(unsealed -> unsealed.appid().equals(appid))
        .map(Unsealed::plaintext);
  }

  /** Sets the action to call for each value that cannot be unsealed. */
  public void onRefused(Consumer<Purpose> action) {
    onRefused = action;
  }

  /**
   * Returns whether an older secret than the one in use sealed the value, so that it should be
   * sealed again.
   */
  public boolean isOutdated(byte[] sealed) {
    return AppSeal.keyIdOf(sealed).filter(known.outdated()::contains).isPresent();
  }

  /** Returns whether the same secret sealed both values. */
  public static boolean isOfOneSecret(byte[] sealed, byte[] other) {
    return AppSeal.keyIdOf(sealed).equals(AppSeal.keyIdOf(other));
  }

  /**
   * Returns the ids of the app's secrets: the configured ones, the newest first, then the dropped
   * ones. An id has 8 hexadecimal digits and does not reveal the secret.
   */
  public List<String> secretIds(String appid) {
    return known.of(appid).all().map(AppSeal::secretId).toList();
  }

  /** Returns the id of the secret that seals. */
  public String inUse(String appid) {
    return known.of(appid).inUse().secretId();
  }

  /** Returns the appids of the apps whose current secret does not seal yet. */
  public List<String> delayed() {
    return known.byAppid().entrySet().stream()
        .filter(app -> app.getValue().isDelayed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the ids of the secrets that a changed configuration no longer has. */
  public List<String> dropped(String appid) {
    return known.of(appid).dropped().stream().map(AppSeal::secretId).toList();
  }

  /** Seals under this secret from now on; a no-op if the app no longer has the secret. */
  public synchronized void sealUnder(String appid, String secretId) {
    known = known.with(appid, known.of(appid).sealingUnder(secretId));
  }

  /**
   * Forgets a dropped secret, so that it no longer unseals values; a no-op for a secret that is in
   * use.
   */
  public synchronized void forget(String appid, String secretId) {
    known = known.with(appid, known.of(appid).without(secretId));
  }

  private synchronized void change(WechatApps.Change change) {
    var byAppid = new HashMap<String, AppSeals>();
    for (var app : change.apps()) {
      var before = Optional.ofNullable(known.byAppid().get(app.appid()));
      byAppid.put(app.appid(), AppSeals.of(app, before, change.dropsSecrets()));
    }
    known = Known.of(byAppid);
  }
}
