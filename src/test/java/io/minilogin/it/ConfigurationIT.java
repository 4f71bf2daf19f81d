package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A start with missing or contradictory configuration ends with one line that names the property
 * and does not show its value. One of each kind; the unit tests know the others.
 */
class ConfigurationIT {
  private static final String SECRET = "5ecre7-5ecre7-5ecre7";

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("wechat.appid", Map.of()),
        mistake("wechat.apps[0].secret", Map.of("WECHAT_APPS_0__APPID", "wx-my-own-app")),
        wrongValue("session.lifetime", "SESSION_LIFETIME", "banana"),
        wrongValue("login.replay-window", "LOGIN_REPLAY_WINDOW", "-1S"),
        wrongValue("quarkus.redis.hosts", "QUARKUS_REDIS_HOSTS", "not-a-url"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeStopsTheStartWithOneLine(String property, Map<String, String> environment) {
    var builder = ServiceProcess.with("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:1");
    environment.forEach(builder::with);
    try (var service = builder.launch()) {
      assertThat(service.awaitExit()).isNotZero();
      assertThat(service.lines())
          .singleElement()
          .asString()
          .contains(property)
          .doesNotContain("Exception");
      assertThat(environment.values()).noneMatch(service.lines().get(0)::contains);
    }
  }

  @Test
  void aSecretMayBeAFile(@TempDir Path secrets) throws IOException {
    Files.writeString(secrets.resolve("wechat.secret"), APP.secret() + "\n");
    try (var surroundings = Surroundings.start();
        var service =
            surroundings
                .service()
                .without("WECHAT_SECRET")
                .with("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS", secrets.toString())
                .start()) {
      service.client().login(code()).then().statusCode(200);
    }
  }

  private static Arguments mistake(String property, Map<String, String> environment) {
    return arguments(property, environment);
  }

  private static Arguments wrongValue(String property, String variable, String value) {
    return mistake(
        property,
        Map.of("WECHAT_APPID", "wx-my-own-app", "WECHAT_SECRET", SECRET, variable, value));
  }
}
