package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.storeUnavailable;
import static io.minilogin.it.Problems.tokenInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * While Redis refuses writes, a use of a session cannot be saved. The use is still accepted, but a
 * session that cannot be prolonged for a whole idle timeout ends.
 */
@Tag("long")
@Tag("jar")
class WritesFailIT {
  private static final Duration IDLE = Duration.ofSeconds(4);
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(
          GatewayClient.knownTo(surroundings.service()).with("SESSION_IDLE_TIMEOUT", "4S").start());
  private static final RedisConnection redis =
      started.add(new RedisConnection(surroundings.redis()));

  @AfterEach
  void writesWorkAgain() {
    send("REPLICAOF NO ONE");
    send("CONFIG SET maxmemory 0");
  }

  @ParameterizedTest
  @CsvSource({
    "REPLICAOF 127.0.0.1 1, REPLICAOF NO ONE",
    "CONFIG SET maxmemory 1, CONFIG SET maxmemory 0"
  })
  void checkSucceedsIfItsUseCannotBeSaved(String leave, String comeBack) {
    var token = client().tokenFor(code());
    send(leave);
    // Each check is late enough to save the use: a 64th of the idle timeout is 62 ms.
    await()
        .during(IDLE.dividedBy(2))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> client().verify(token).statusCode() == 200);
    client().session(token).then().statusCode(200);
    new GatewayClient(client()).introspect(token).then().statusCode(200);
    client().login(code()).then().spec(storeUnavailable());

    send(comeBack);
    await()
        .during(IDLE)
        .atMost(IDLE.multipliedBy(2))
        .until(() -> client().verify(token).statusCode() == 200);
  }

  @ParameterizedTest
  @CsvSource({"REPLICAOF 127.0.0.1 1", "CONFIG SET maxmemory 1"})
  void sessionEndsIfItCannotBeProlongedForAnIdleTimeout(String leave) {
    var token = client().tokenFor(code());
    send(leave);
    var watch = Stopwatch.start();
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(IDLE.plus(TOLERANCE))
        .until(() -> client().verify(token).statusCode() != 200);
    assertThat(watch.elapsed()).isGreaterThan(IDLE.minusSeconds(1));
    client().verify(token).then().spec(tokenInvalid());
  }

  private static void send(String command) {
    redis.send((Object[]) command.split(" "));
  }

  private static Client client() {
    return service.client();
  }
}
