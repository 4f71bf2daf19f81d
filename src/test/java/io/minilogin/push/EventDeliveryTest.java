package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.async.Deadlines;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.redis.RedisDump;
import io.minilogin.session.UserSessions;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class EventDeliveryTest {
  private static final Instant ARRIVED = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  /** Port 1 refuses connections. */
  private static final PushRoutes ROUTES = Pushing.routes("*", "http://127.0.0.1:1/");

  @Inject RedisEvents events;
  @Inject BackendCalls backends;
  @Inject UserSessions users;
  @Inject SecureRandom random;
  @Inject RedisDump dump;

  /** An event that only this test uses. */
  private final PushEvent event = event();

  @Test
  void deliveryBeginsIfEnoughTimeIsLeft() {
    assertThat(problemIfLeft(HALF_A_SECOND.multipliedBy(4))).isEqualTo(ProblemType.BACKEND_FAILED);
  }

  @Test
  void deliveryDoesNotBeginIfLessThanHalfASecondIsLeft() {
    assertThat(problemIfLeft(HALF_A_SECOND.minusMillis(1))).isEqualTo(ProblemType.BACKEND_BUSY);
    assertThat(dump.keys("ml:e:" + event.hash())).as("claim").isEmpty();
  }

  /** Delivers the event. This time is left when Redis has answered that the event is free. */
  private ProblemType problemIfLeft(Duration left) {
    var clock = new AdvancingClock(ARRIVED.plus(Deadlines.PUSH_DELIVERED).minus(left));
    var delivery =
        new EventDelivery(ROUTES, new RouteShares(ROUTES), events, backends, users, random, clock);
    return catchThrowableOfType(
            ProblemException.class,
            () -> delivery.deliver(event, ARRIVED).await().atMost(Duration.ofSeconds(10)))
        .problem()
        .type();
  }

  private static PushEvent event() {
    var content = "{\"Event\":\"test\",\"MsgId\":\"%s\"}".formatted(UUID.randomUUID());
    var bytes = content.getBytes(UTF_8);
    var message = PushMessage.read(bytes).orElseThrow();
    return PushEvent.of(RedisAndWechat.APPID, message, bytes, message.format(), Optional.empty());
  }

  /**
   * A clock that advances once: after it was read for the deadline of the first command to Redis.
   * The command therefore has its usual deadline.
   */
  private static final class AdvancingClock extends Clock {
    private static final int READS_BEFORE_REDIS = 2;

    private final Instant later;
    private int reads;

    AdvancingClock(Instant later) {
      this.later = later;
    }

    @Override
    public Instant instant() {
      reads++;
      return reads <= READS_BEFORE_REDIS ? ARRIVED : later;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
