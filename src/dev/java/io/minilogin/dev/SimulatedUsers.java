package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The users: ids that depend on the user's name only, so that they stay the same after a restart,
 * and the current session key per user and app.
 */
final class SimulatedUsers {
  /** By openid: a login names the user, but a later call names the openid. */
  private record UserOfApp(String appid, String openid) {}

  /** A cache: users come again, and hashing is a large part of the cost of a call. */
  private final Map<String, String> ids = new ConcurrentHashMap<>();

  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final Map<UserOfApp, String> sessionKeys = new ConcurrentHashMap<>();
  private final Map<UserOfApp, String> previousSessionKeys = new ConcurrentHashMap<>();

  /** Returns 28 characters that differ for each app. */
  String openid(String appid, String user) {
    var openid = id("openid\0" + appid + "\0" + user);
    names.putIfAbsent(openid, user);
    return openid;
  }

  /** Returns the users' names by openid. */
  Map<String, String> names() {
    return Map.copyOf(names);
  }

  /** Returns 28 characters, the same in all apps, as with one Open Platform account. */
  String unionid(String user) {
    return id("unionid\0" + user);
  }

  /** Returns 11 digits, the same in all apps, with the prefix of Chinese mobile numbers. */
  String phoneNumber(String user) {
    var hash = ByteBuffer.wrap(sha256("phone\0" + user)).getLong();
    return "13%09d".formatted(Math.floorMod(hash, 1_000_000_000L));
  }

  /** Replaces the session key and returns the new one. */
  String replaceSessionKey(String appid, String openid) {
    var user = new UserOfApp(appid, openid);
    var key = newSessionKey();
    var previous = sessionKeys.put(user, key);
    if (previous != null) {
      previousSessionKeys.put(user, previous);
    }
    return key;
  }

  /** Returns the current key; creates one for a user without a key. */
  String keepSessionKey(String appid, String openid) {
    return sessionKeys.computeIfAbsent(new UserOfApp(appid, openid), nobody -> newSessionKey());
  }

  void setSessionKey(String appid, String openid, String sessionKey) {
    sessionKeys.put(new UserOfApp(appid, openid), sessionKey);
  }

  Optional<String> sessionKey(String appid, String openid) {
    return Optional.ofNullable(sessionKeys.get(new UserOfApp(appid, openid)));
  }

  /** Returns the key that the current one has replaced. */
  Optional<String> previousSessionKey(String appid, String openid) {
    return Optional.ofNullable(previousSessionKeys.get(new UserOfApp(appid, openid)));
  }

  /** Tells whether the openid was handed out and belongs to this app. */
  boolean isUserOf(String appid, String openid) {
    var user = names.get(openid);
    return user != null && openid(appid, user).equals(openid);
  }

  private static String newSessionKey() {
    var key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key); // not a real secret
    return Base64.getEncoder().encodeToString(key);
  }

  private String id(String seed) {
    return ids.computeIfAbsent(seed, SimulatedUsers::newId);
  }

  private static String newId(String seed) {
    return "o" + Base64.getUrlEncoder().encodeToString(sha256(seed)).substring(0, 27);
  }

  private static byte[] sha256(String text) {
    return Sha256.of(text.getBytes(UTF_8));
  }
}
