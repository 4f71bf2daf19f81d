package io.minilogin.dev.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisAPI;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads the service's keys in Redis, on a connection of its own. */
final class RedisView implements AutoCloseable {
  /** A Redis that takes longer does not answer. In milliseconds. */
  private static final long PATIENCE = 1000;

  /** Reads everything in one step. For a hash, the value is the names of its fields. */
  private static final String KEYS =
      """
      local found, cursor = {}, '0'
      repeat
        local page = redis.call('SCAN', cursor, 'MATCH', 'ml:*', 'COUNT', 500)
        cursor = page[1]
        for _, key in ipairs(page[2]) do
          local kind, value, size = redis.call('TYPE', key).ok, '', 0
          if kind == 'string' then size = redis.call('STRLEN', key) end
          if kind == 'hash' then value = table.concat(redis.call('HKEYS', key), ',') end
          found[#found + 1] = {key, value, size, redis.call('PTTL', key)}
        end
      until cursor == '0' or #found >= 100
      return found
      """;

  private final RedisAPI redis;

  RedisView(Vertx vertx, URI address) {
    redis = RedisAPI.api(Redis.createClient(vertx, address.toString()));
  }

  /**
   * Returns the service's keys. Each has the name and the app of its user if the key is a user's
   * hash, the fields of a hash, the length of a string in bytes, and the TTL in milliseconds.
   *
   * @param names the users' names by openid
   */
  Future<JsonArray> keys(List<String> appids, Map<String, String> names) {
    return redis
        .eval(List.of(KEYS, "0"))
        .timeout(PATIENCE, TimeUnit.MILLISECONDS)
        .map(found -> json(found, hashes(appids, names)));
  }

  /** Returns the users by their names in Redis. */
  private static Map<String, JsonObject> hashes(List<String> appids, Map<String, String> names) {
    var hashes = new HashMap<String, JsonObject>();
    for (var appid : appids) {
      names.forEach(
          (openid, user) ->
              hashes.put(
                  hash(appid + '\0' + openid),
                  new JsonObject().put("user", user).put("appid", appid)));
    }
    return hashes;
  }

  private static String hash(String text) {
    try {
      var bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    redis.close();
  }

  private static JsonArray json(Response found, Map<String, JsonObject> users) {
    var keys = new JsonArray();
    for (var each : found) {
      var key = each.get(0).toString();
      var user = users.get(key.substring(key.lastIndexOf(':') + 1));
      var fields = each.get(1).toString();
      keys.add(
          new JsonObject()
              .put("key", key)
              .put("of", user)
              .put(
                  "fields",
                  new JsonArray(fields.isEmpty() ? List.of() : List.of(fields.split(","))))
              .put("bytes", each.get(2).toLong())
              .put("ttl", each.get(3).toLong()));
    }
    return keys;
  }
}
