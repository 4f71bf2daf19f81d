package io.minilogin.dev.page;

import static io.minilogin.dev.page.Happenings.Kind.CALL;
import static io.minilogin.dev.page.Happenings.Party.REDIS;
import static io.minilogin.dev.page.Happenings.Party.SERVICE;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisAPI;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the service's keys in Redis and watches its commands with MONITOR. */
final class RedisView implements AutoCloseable {
  private static final String PREFIX = "ml:";
  private static final int RECONNECT = 500;

  /**
   * {@code 1732782527.123456 [0 127.0.0.1:50506] "SET" "ml:…" …}; commands of a script have "lua"
   * as address.
   */
  private static final Pattern LINE = Pattern.compile("\\+(\\d+\\.\\d+) \\[\\d+ (?!lua)\\S+] (.*)");

  /** Separates two arguments, which are quoted; quotes inside are escaped. */
  private static final Pattern BETWEEN = Pattern.compile("(?<!\\\\)\" \"");

  /** A script, because its commands can be left out of the watched ones. */
  private static final String KEYS =
      """
      local found, cursor = {}, '0'
      repeat
        local page = redis.call('SCAN', cursor, 'MATCH', 'ml:*', 'COUNT', 500)
        cursor = page[1]
        for _, key in ipairs(page[2]) do
          local kind, value = redis.call('TYPE', key).ok, ''
          if kind == 'string' then value = redis.call('GETRANGE', key, 0, 47) end
          if kind == 'hash' then value = table.concat(redis.call('HKEYS', key), ', ') end
          found[#found + 1] = {key, value, redis.call('PTTL', key)}
        end
      until cursor == '0' or #found >= 100
      return found
      """;

  private static final Pattern ONE_HOST = Pattern.compile("redis://([\\w.-]+):(\\d{1,5})/?");

  private final Vertx vertx;
  private final URI address;
  private final Happenings happenings;
  private final RedisAPI redis;
  private final NetClient monitor;
  private volatile boolean isClosed;

  /**
   * Returns a view; empty for addresses that are not supported.
   *
   * @param hosts as in {@code quarkus.redis.hosts}
   */
  static Optional<RedisView> of(Vertx vertx, String hosts, Happenings happenings) {
    return ONE_HOST.matcher(hosts).matches()
        ? Optional.of(new RedisView(vertx, URI.create(hosts), happenings))
        : Optional.empty();
  }

  private RedisView(Vertx vertx, URI address, Happenings happenings) {
    this.vertx = vertx;
    this.address = address;
    this.happenings = happenings;
    this.redis = RedisAPI.api(Redis.createClient(vertx, address.toString()));
    this.monitor = vertx.createNetClient();
  }

  /** Starts to record commands on the service's keys, and reconnects when Redis is back. */
  void watch() {
    monitor
        .connect(address.getPort(), address.getHost())
        .onSuccess(this::listen)
        .onFailure(e -> watchLater());
  }

  /** Returns the service's keys, the beginning of their values, and their TTLs in milliseconds. */
  Future<JsonArray> keys() {
    return redis.eval(List.of(KEYS, "0")).map(RedisView::json);
  }

  private void listen(NetSocket socket) {
    socket.closeHandler(closed -> watchLater());
    socket.handler(RecordParser.newDelimited("\r\n", line -> add(line.toString())));
    socket.write("MONITOR\r\n");
  }

  private void watchLater() {
    if (!isClosed) {
      vertx.setTimer(RECONNECT, timer -> watch());
    }
  }

  /** Closes the connections and stops watching. */
  @Override
  public void close() {
    isClosed = true;
    redis.close();
    monitor.close();
  }

  private void add(String text) {
    var line = LINE.matcher(text);
    if (line.matches()) {
      var words = List.of(BETWEEN.split(line.group(2).replaceAll("^\"|\"$", ""), 6));
      // The keys of a script follow the script and the number of keys.
      var key = words.get(0).regionMatches(true, 0, "EVAL", 0, 4) ? 3 : 1;
      if (words.size() > key && words.get(key).startsWith(PREFIX)) {
        var command = words.get(0).toUpperCase(Locale.ROOT) + " " + words.get(key);
        happenings.add(Double.parseDouble(line.group(1)), SERVICE, REDIS, CALL, command);
      }
    }
  }

  private static JsonArray json(Response found) {
    var keys = new JsonArray();
    for (var each : found) {
      keys.add(
          new JsonObject()
              .put("key", each.get(0).toString())
              .put("value", each.get(1).toString().replaceAll("[^ -~]", "·"))
              .put("ttl", each.get(2).toLong()));
    }
    return keys;
  }
}
