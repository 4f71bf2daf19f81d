package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Instances are replaced one by one while users log in, and no request fails. */
@Tag("long")
class RollingUpdateIT {
  private static final int CALLERS = 4;

  /** The ready instances, to which a load balancer would send requests. */
  private final List<ServiceProcess> inTraffic = new CopyOnWriteArrayList<>();

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger succeeded = new AtomicInteger();

  @Test
  void rollingUpdateFailsNoRequest() throws InterruptedException {
    try (var surroundings = Surroundings.start()) {
      var services =
          ServiceProcess.startAll(
              service(surroundings),
              service(surroundings),
              service(surroundings),
              service(surroundings));
      inTraffic.addAll(services.subList(0, 2));
      var balancer = Executors.newSingleThreadScheduledExecutor();
      balancer.scheduleWithFixedDelay(this::checkReadiness, 0, 100, TimeUnit.MILLISECONDS);
      var callers = Executors.newScheduledThreadPool(CALLERS);
      for (int i = 0; i < CALLERS; i++) {
        callers.scheduleWithFixedDelay(this::logInAndReadSession, 0, 1, TimeUnit.MILLISECONDS);
      }
      replace(services.get(0), services.get(2));
      replace(services.get(1), services.get(3));
      end(callers);
      end(balancer);
      services.forEach(ServiceProcess::close);
    }
    assertThat(failures).isEmpty();
    assertThat(succeeded.get()).isGreaterThan(100);
  }

  private void replace(ServiceProcess old, ServiceProcess fresh) {
    inTraffic.add(fresh);
    old.terminate();
    await().until(() -> !inTraffic.contains(old));
    old.awaitExit();
  }

  private static void end(ExecutorService executor) throws InterruptedException {
    executor.shutdown();
    assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private static ServiceProcess.Builder service(Surroundings surroundings) {
    return surroundings.service().with("QUARKUS_SHUTDOWN_DELAY", "3S");
  }

  private void checkReadiness() {
    inTraffic.removeIf(service -> service.client().ready().statusCode() != 200);
  }

  private void logInAndReadSession() {
    var ready = List.copyOf(inTraffic);
    var service = ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
    try {
      var login = RawHttp.exchange(service.traffic(), RawHttp.login(Codes.code("delay=20")));
      if (!noted(login)) {
        return;
      }
      var token = login.body().replaceAll(".*\"access_token\":\"([^\"]+)\".*", "$1");
      noted(
          RawHttp.exchange(
              service.traffic(), RawHttp.get("/session", "Authorization: Bearer " + token)));
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  private boolean noted(RawHttp.Answer answer) {
    if (answer.status() == 200) {
      succeeded.incrementAndGet();
      return true;
    }
    failures.add(answer.text());
    return false;
  }
}
