package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** The service reconnects by itself after a failover, a slow start or a late start of Redis. */
@Tag("long")
@Execution(CONCURRENT)
class RedisFailoverIT {
  private static final Duration RECOVERY = Duration.ofSeconds(5);

  @Test
  void silentConnectionsAreReplaced() throws IOException {
    try (var surroundings = Surroundings.start();
        var proxy = new TcpProxy(surroundings.redis().port());
        var service =
            surroundings
                .service()
                .with("QUARKUS_REDIS_HOSTS", proxy.uri("redis").toString())
                .start()) {
      var token = service.client().tokenFor(code());
      // About as many connections as the pool may hold.
      Crowd.send(IntStream.range(0, 100).mapToObj(i -> Crowd.session(service, token)));
      var code = code();

      proxy.silenceConnections();

      service.client().session(token).then().statusCode(503);
      await()
          .atMost(RECOVERY)
          .until(
              () ->
                  service.client().session(token).statusCode() == 200
                      && service.client().login(code).statusCode() == 200);
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    }
  }

  @Test
  void loadingRedisLogsNobodyOut(@TempDir Path data) {
    // Redis loads 30 MB with ten milliseconds per key: it replies LOADING for three seconds.
    try (var surroundings =
            Surroundings.start(
                "--dir", data.toString(), "--rdbcompression", "no", "--key-load-delay", "10000");
        var service = surroundings.service().start()) {
      var token = service.client().tokenFor(code());
      try (var redis = new RedisConnection(surroundings.redis())) {
        redis.send("DEBUG", "POPULATE", "300", "filler", "100000");
        redis.send("SAVE");
      }
      surroundings.redis().kill();
      surroundings.restartRedis();
      var code = code();
      assertThat(service.client().session(token).statusCode()).isEqualTo(503);
      assertThat(service.client().login(code).statusCode()).isEqualTo(503);
      await()
          .atMost(RECOVERY.plusSeconds(3))
          .until(
              () -> {
                var status = service.client().session(token).statusCode();
                assertThat(status).as("nobody is logged out").isNotEqualTo(401);
                return status == 200 && service.client().login(code).statusCode() == 200;
              });
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    }
  }

  @Test
  void serviceMayStartBeforeRedis() {
    try (var surroundings = Surroundings.start()) {
      surroundings.redis().kill();
      try (var service = surroundings.service().startWithoutRedis()) {
        service.client().live().then().statusCode(200);
        service.client().ready().then().statusCode(503);
        surroundings.restartRedis();
        await().atMost(RECOVERY).until(() -> service.client().ready().statusCode() == 200);
        service.client().login(code()).then().statusCode(200);
      }
    }
  }
}
