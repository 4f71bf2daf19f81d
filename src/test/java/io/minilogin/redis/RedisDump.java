package io.minilogin.redis;

import io.quarkus.redis.datasource.RedisDataSource;
import io.vertx.mutiny.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads all of Redis, like an intruder with full access. */
@Singleton
public class RedisDump {
  private static final Pattern COMMAND =
      Pattern.compile("cmdstat_([^:]+):calls=(\\d+).*", Pattern.DOTALL);

  private final RedisDataSource redis;

  RedisDump(RedisDataSource redis) {
    this.redis = redis;
  }

  /** Returns the matching keys, in no order. */
  public List<String> keys(String pattern) {
    return texts(redis.execute("KEYS", pattern));
  }

  /** Returns the bytes of a string; null if the key is missing. */
  public byte[] string(String key) {
    var value = redis.execute("GET", key);
    return value == null ? null : value.toBytes();
  }

  /** Returns the fields of a hash with their bytes. */
  public Map<String, byte[]> hash(String key) {
    var fields = new TreeMap<String, byte[]>();
    for (var field : texts(redis.execute("HKEYS", key))) {
      fields.put(field, redis.execute("HGET", key, field).toBytes());
    }
    return fields;
  }

  /** Returns the number of executions of each command, by its lower-case name. */
  public Map<String, Long> commandCounts() {
    return Arrays.stream(redis.execute("INFO", "commandstats").toString().split("\r\n"))
        .map(COMMAND::matcher)
        .filter(Matcher::matches)
        .collect(Collectors.toMap(m -> m.group(1), m -> Long.valueOf(m.group(2))));
  }

  /** Returns the TTL in milliseconds; negative if the key is missing or does not expire. */
  public long timeToLive(String key) {
    return redis.execute("PTTL", key).toLong();
  }

  /** Runs a command. */
  public String run(String command, String... arguments) {
    return String.valueOf(redis.execute(command, arguments));
  }

  private static List<String> texts(Response response) {
    var texts = new ArrayList<String>();
    response.forEach(item -> texts.add(item.toString()));
    return texts;
  }
}
