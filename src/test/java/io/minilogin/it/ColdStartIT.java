package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A ready service handles its first logins concurrently, although it has not called WeChat before.
 */
@Tag("long")
class ColdStartIT {
  private static final int CONCURRENT_LOGINS = 200;

  @Test
  void firstLoginsMayArriveConcurrently() {
    try (var surroundings = Surroundings.start();
        var service = surroundings.service().start();
        var redis = new RedisConnection(surroundings.redis())) {
      assertThat(surroundings.wechat().calls()).isEmpty();
      assertThat(redis.keys("*")).filteredOn(key -> !key.equals("ml:probe")).isEmpty();
      assertThat(service.client().metrics())
          .doesNotContain(
              "mini_login_requests_seconds_count{", "mini_login_wechat_calls_seconds_count{");

      assertServesConcurrentLogins(service);
    }
  }

  /** Two other threads per core are busy from before the start. */
  @Test
  void firstLoginsMayArriveConcurrentlyOnABusyMachine() {
    var idle = new AtomicBoolean();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      new Thread(() -> spinUntil(idle), "busy").start();
    }
    try (var surroundings = Surroundings.start();
        var service = surroundings.service().start()) {
      assertServesConcurrentLogins(service);
    } finally {
      idle.set(true);
    }
  }

  private static void assertServesConcurrentLogins(ServiceProcess service) {
    var logins = IntStream.range(0, CONCURRENT_LOGINS).mapToObj(i -> Crowd.login(service, code()));
    assertThat(Crowd.kinds(Crowd.send(logins))).containsOnlyKeys("200");
  }

  private static void spinUntil(AtomicBoolean idle) {
    while (!idle.get()) {
      Thread.onSpinWait();
    }
  }
}
