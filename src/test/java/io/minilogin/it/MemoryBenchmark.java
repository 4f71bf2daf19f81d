package io.minilogin.it;

import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import java.io.IOException;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The memory that Redis uses for 50,000 logins, from its {@code used_memory}: with this service,
 * and with a typical handwritten solution (the session as JSON under a UUID, with the session key
 * in it, and a set of the user's sessions). {@code bench/run memory} runs it.
 */
final class MemoryBenchmark {
  private static final int LOGINS = 50_000;
  private static final int AT_ONCE = 100;

  private final RedisConnection redis;

  private MemoryBenchmark(RedisConnection redis) {
    this.redis = redis;
  }

  public static void main(String... redisPort) throws IOException {
    try (var embedded = EmbeddedRedis.start()) {
      int port = redisPort.length > 0 ? Integer.parseInt(redisPort[0]) : embedded.port();
      try (var connection = new RedisConnection(port)) {
        new MemoryBenchmark(connection).run(port);
      }
    }
  }

  private void run(int port) {
    System.out.printf("%s, %,d logins%n%n", info("redis_version:[^\\r]+"), LOGINS);
    System.out.printf("%-64s %s%n", "", "bytes");
    handwrittenSolution();
    thisService(port);
  }

  private void thisService(int port) {
    try (var wechat = WechatSimulator.start(Surroundings.APP);
        var service =
            ServiceProcess.with("WECHAT_APPID", Surroundings.APP.appid())
                .with("WECHAT_SECRET", Surroundings.APP.secret())
                .with("WECHAT_BASE_URL", wechat.uri().toString())
                .with("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:" + port)
                .start()) {
      var empty = emptied();
      logIn(service);
      print("mini-login: new user, one session, all keys of the login", used() - empty);
      keep("ml:s:*", "ml:u:*");
      print("mini-login: new user, one session, index and session key", used() - empty);
      keep("ml:s:*");
      print("mini-login: the session alone", used() - empty);
    }
    emptied();
  }

  private static void logIn(ServiceProcess service) {
    for (int done = 0; done < LOGINS; done += AT_ONCE) {
      int from = done;
      var codes = IntStream.range(from, from + AT_ONCE).mapToObj(i -> "user" + i + ".1");
      Crowd.send(codes.map(code -> Crowd.login(service, code)))
          .forEach(
              answer -> {
                if (answer.statusCode() != 200) {
                  throw new IllegalStateException(answer.body());
                }
              });
    }
  }

  private void handwrittenSolution() {
    var empty = emptied();
    var random = new Random(1);
    for (int i = 0; i < LOGINS; i++) {
      var session = UUID.randomUUID().toString();
      var openid = "o" + text(random, 20) + "a";
      var json =
          """
          {"openid":"%s","unionid":"o%s","session_key":"%s","created_at":1795355547}\
          """
              .formatted(openid, text(random, 20), text(random, 16));
      redis.send("SET", "session:" + session, json, "EX", "604800");
      redis.send("SADD", "user:" + openid + ":sessions", session);
      redis.send("EXPIRE", "user:" + openid + ":sessions", "604800");
    }
    print("by hand: new user, one session, index and session key", used() - empty);
    keep("session:*");
    print("by hand: the session alone, session key in it", used() - empty);
    emptied();
  }

  private static String text(Random random, int bytes) {
    var content = new byte[bytes];
    random.nextBytes(content);
    return Base64.getUrlEncoder().encodeToString(content);
  }

  private long emptied() {
    redis.send("FLUSHALL");
    return used();
  }

  /** Keeps only these keys, in a fresh Redis: the tables of a used Redis grow but seldom shrink. */
  private void keep(String... patterns) {
    record Kept(String key, byte[] value, long timeToLive) {}
    var kept =
        Stream.of(patterns)
            .flatMap(pattern -> redis.keys(pattern).stream())
            .map(key -> new Kept(key, (byte[]) redis.send("DUMP", key), redis.timeToLive(key)))
            .toList();
    redis.send("FLUSHALL");
    kept.forEach(k -> redis.send("RESTORE", k.key(), k.timeToLive(), k.value()));
  }

  private long used() {
    return Long.parseLong(info("used_memory:\\d+").substring("used_memory:".length()));
  }

  private String info(String line) {
    var found =
        Pattern.compile(line)
            .matcher(
                new String((byte[]) redis.send("INFO"), java.nio.charset.StandardCharsets.UTF_8));
    return found.results().findFirst().orElseThrow().group();
  }

  private static void print(String what, long bytes) {
    System.out.printf("%-64s %d%n", what, bytes / LOGINS);
  }
}
