package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;

/** A shutdown first ends readiness and loses no request. */
@Tag("long")
@Execution(CONCURRENT)
class ShutdownIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  @Test
  void sigtermEndsReadinessWhileRequestsAreStillServed() {
    try (var service = surroundings.service().with("QUARKUS_SHUTDOWN_DELAY", "3S").start()) {
      var code = code("delay=1500");
      var before = Crowd.send(Crowd.login(service, code));
      await().until(() -> surroundings.wechat().callsWith(code) == 1);
      service.terminate();
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> service.client().ready().statusCode() == 503);
      service.client().live().then().statusCode(200);
      var after = Crowd.send(Crowd.login(service, code("delay=1500")));
      assertThat(before.join().statusCode()).isEqualTo(200);
      assertThat(after.join().statusCode()).isEqualTo(200);
      service.awaitExit();
    }
  }

  @Test
  void requestInFlightAtTheEndOfTheDelayIsCompleted() {
    try (var service = surroundings.service().start()) {
      var code = code("delay=1500");
      var login = Crowd.send(Crowd.login(service, code));
      await().until(() -> surroundings.wechat().callsWith(code) == 1);
      service.terminate();
      assertThat(login.join().statusCode()).isEqualTo(200);
      service.awaitExit();
    }
  }

  @Test
  void portClosesBeforeTheLastRequestCompletes() {
    try (var service = surroundings.service().with("QUARKUS_SHUTDOWN_DELAY", "1S").start()) {
      var code = code("delay=2500");
      var login = Crowd.send(Crowd.login(service, code));
      await().until(() -> surroundings.wechat().callsWith(code) == 1);
      service.terminate();
      await().until(() -> refusesConnections(service));
      assertThat(login).isNotDone();
      service.client().live().then().statusCode(200);
      assertThat(login.join().statusCode()).isEqualTo(200);
      service.awaitExit();
    }
  }

  @Test
  void answersDuringShutdownCloseTheirConnection() throws IOException {
    try (var service = surroundings.service().with("QUARKUS_SHUTDOWN_DELAY", "3S").start();
        var kept = new RawHttp(service.traffic())) {
      service.terminate();
      await().until(() -> service.client().ready().statusCode() == 503);
      kept.send("GET /session HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      var answer = kept.answer();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text()).containsIgnoringCase("\r\nconnection: close\r\n");
    }
  }

  private static boolean refusesConnections(ServiceProcess service) throws IOException {
    try (var connection = new RawHttp(service.traffic())) {
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }
}
