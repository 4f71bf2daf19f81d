package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who the users are: ids that follow from the user's name alone, so that a restart changes nobody's
 * identity, and the one valid session key per user and app.
 */
final class SimulatedUsers {
  /** Found by openid, because a login names the user and a later call the openid. */
  private record UserOfApp(String appid, String openid) {}

  /** Remembered, because users come again and hashing is a good part of what a call costs. */
  private final Map<String, String> ids = new ConcurrentHashMap<>();

  private final Map<UserOfApp, String> sessionKeys = new ConcurrentHashMap<>();

  /** 28 characters, another for each app. */
  String openid(String appid, String user) {
    return id("openid\0" + appid + "\0" + user);
  }

  /** 28 characters, the same in all apps: they count as bound to one Open Platform account. */
  String unionid(String user) {
    return id("unionid\0" + user);
  }

  /** 11 digits, the same in all apps; a Chinese mobile number by its beginning. */
  String phoneNumber(String user) {
    var hash = ByteBuffer.wrap(sha256("phone\0" + user)).getLong();
    return "13%09d".formatted(Math.floorMod(hash, 1_000_000_000L));
  }

  /** A new key, and with it the end of the previous one. */
  String replaceSessionKey(String appid, String openid) {
    var key = newSessionKey();
    sessionKeys.put(new UserOfApp(appid, openid), key);
    return key;
  }

  /** The valid key; a new one only for a user who has none yet. */
  String keepSessionKey(String appid, String openid) {
    return sessionKeys.computeIfAbsent(new UserOfApp(appid, openid), nobody -> newSessionKey());
  }

  Optional<String> sessionKey(String appid, String openid) {
    return Optional.ofNullable(sessionKeys.get(new UserOfApp(appid, openid)));
  }

  private static String newSessionKey() {
    var key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key); // a secret of nobody
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
