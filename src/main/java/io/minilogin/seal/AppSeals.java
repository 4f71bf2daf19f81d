package io.minilogin.seal;

import io.minilogin.app.WechatApp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The seals of one app.
 *
 * @param configured the seals of configured secrets, the newest first
 * @param inUse the seal for new values, configured or dropped
 * @param dropped the seals of secrets that are no longer configured, the newest first
 */
record AppSeals(List<AppSeal> configured, AppSeal inUse, List<AppSeal> dropped) {
  /**
   * Creates the seals of the configured secrets.
   *
   * @param before the seals before the configuration changed; empty at the start
   * @param dropsSecrets whether secrets that are no longer configured are forgotten at once
   */
  static AppSeals of(WechatApp app, Optional<AppSeals> before, boolean dropsSecrets) {
    var configured =
        Stream.concat(Stream.of(app.secret()), app.previousSecrets().stream())
            .map(secret -> new AppSeal(app.appid(), secret))
            .toList();
    var ids = configured.stream().map(AppSeal::keyId).toList();
    var dropped =
        before.stream()
            .filter(it -> !dropsSecrets)
            .flatMap(AppSeals::all)
            .filter(seal -> !ids.contains(seal.keyId()))
            .toList();
    var inUse =
        before
            .map(AppSeals::inUse)
            .filter(seal -> ids.contains(seal.keyId()) || dropped.contains(seal))
            .orElse(configured.get(Math.min(1, configured.size() - 1)));
    return new AppSeals(configured, inUse, dropped);
  }

  /** Returns all seals, the newest first. */
  Stream<AppSeal> all() {
    return Stream.concat(configured.stream(), dropped.stream());
  }

  /** Returns the seals that are older than the seal in use. */
  Stream<AppSeal> outdated() {
    return all().dropWhile(seal -> seal.keyId() != inUse.keyId()).skip(1);
  }

  /** Returns whether the current secret does not seal yet. */
  boolean isDelayed() {
    return inUse.keyId() != configured.get(0).keyId();
  }

  Optional<AppSeal> find(String secretId) {
    return all().filter(seal -> seal.secretId().equals(secretId)).findFirst();
  }

  /** Returns these seals with this secret in use; unchanged if the app does not have the secret. */
  AppSeals sealingUnder(String secretId) {
    return find(secretId).map(seal -> new AppSeals(configured, seal, dropped)).orElse(this);
  }

  /** Returns these seals without this dropped secret, unless the secret is in use. */
  AppSeals without(String secretId) {
    var kept =
        dropped.stream()
            .filter(seal -> !seal.secretId().equals(secretId) || seal.keyId() == inUse.keyId())
            .toList();
    return new AppSeals(configured, inUse, kept);
  }
}
