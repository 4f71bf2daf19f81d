package io.minilogin.async;

import static io.minilogin.async.Deadlines.ACCESS_TOKEN_PATIENCE;
import static io.minilogin.async.Deadlines.KEY_RENEWAL;
import static io.minilogin.async.Deadlines.LOCK;
import static io.minilogin.async.Deadlines.LOGIN;
import static io.minilogin.async.Deadlines.LOGIN_SAVED;
import static io.minilogin.async.Deadlines.POLL;
import static io.minilogin.async.Deadlines.REDIS_COMMAND;
import static io.minilogin.async.Deadlines.USER_CALL;
import static io.minilogin.async.Deadlines.WECHAT_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  /** Limit of all that a client waits for, except a body that the client itself sends. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static SmallRyeConfig properties;

  @BeforeAll
  static void read() throws IOException {
    var file = DeadlinesTest.class.getResource("/application.properties");
    properties =
        new SmallRyeConfigBuilder()
            .withSources(new io.smallrye.config.PropertiesConfigSource(file, 100))
            .build();
  }

  @Test
  void loginFitsIntoTheAnswerDeadline() {
    assertThat(REDIS_COMMAND.plus(WECHAT_CALL)).isLessThan(LOGIN_SAVED);
    assertThat(LOGIN_SAVED).isLessThan(LOGIN);
    assertThat(LOGIN).isLessThan(ANSWER);
  }

  @Test
  void userCallFitsIntoTheAnswerDeadline() {
    assertThat(REDIS_COMMAND.plus(USER_CALL)).isLessThan(ANSWER);
    assertThat(WECHAT_CALL).isLessThan(USER_CALL);
    assertThat(ACCESS_TOKEN_PATIENCE).isLessThan(USER_CALL.minus(WECHAT_CALL).plusSeconds(1));
  }

  @Test
  void sessionLookupAndTouchFitIntoTheAnswerDeadline() {
    assertThat(REDIS_COMMAND.multipliedBy(2)).isLessThan(ANSWER);
  }

  @Test
  void lockOutlivesTheWorkItProtects() {
    var forcedRefresh = REDIS_COMMAND.multipliedBy(3).plus(WECHAT_CALL.multipliedBy(2));
    var keyRenewal = REDIS_COMMAND.multipliedBy(2).plus(KEY_RENEWAL);
    assertThat(REDIS_COMMAND.plus(forcedRefresh)).isLessThan(LOCK);
    assertThat(REDIS_COMMAND.plus(keyRenewal)).isLessThan(LOCK);
    assertThat(USER_CALL).isLessThan(KEY_RENEWAL);
    assertThat(POLL.multipliedBy(10)).isLessThanOrEqualTo(REDIS_COMMAND);
  }

  @Test
  void connectTimeoutsFitIntoTheDeadlines() {
    assertThat(millis("quarkus.rest-client.wechat.connect-timeout"))
        .isLessThan(millis("quarkus.rest-client.wechat.read-timeout"));
    assertThat(millis("quarkus.rest-client.wechat.read-timeout")).isLessThan(WECHAT_CALL);
    assertThat(seconds("quarkus.redis.tcp.connection-timeout")).isLessThanOrEqualTo(REDIS_COMMAND);
  }

  @Test
  void shutdownTimeoutExceedsTheAnswerDeadline() {
    assertThat(seconds("quarkus.shutdown.timeout")).isGreaterThan(ANSWER);
  }

  private static Duration millis(String property) {
    return Duration.ofMillis(properties.getValue(property, Long.class));
  }

  private static Duration seconds(String property) {
    return Duration.parse("PT" + properties.getConfigValue(property).getRawValue());
  }
}
