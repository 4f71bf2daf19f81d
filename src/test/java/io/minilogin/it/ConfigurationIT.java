package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A start with missing or contradictory configuration ends with one line that names the property
 * and does not show its value. Here is one example of each kind; unit tests cover the others.
 */
@Tag("long")
@Tag("jar")
@Execution(CONCURRENT)
class ConfigurationIT {
  private static final Map<String, String> COMPLETE =
      Map.of(
          "WECHAT_APPID", "wx-my-own-app",
          "WECHAT_SECRET", "5ec2e75ec2e75ec2e75ec2e75ec2e75e",
          "CLIENTS_0__ID", "my-own-client",
          "CLIENTS_0__SECRET", "5ec2e7-0f-the-client");

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("wechat.appid", Map.of()),
        wrongValue("session.lifetime", "SESSION_LIFETIME", "banana"),
        wrongValue("quarkus.redis.hosts", "QUARKUS_REDIS_HOSTS", "not-a-url"),
        wrongValue("quarkus.redis.hosts", "QUARKUS_REDIS_HOSTS", ""),
        wrongValue(
            "quarkus.tls.trust-store", "QUARKUS_TLS_TRUST_STORE_PEM_CERTS", "/missing/ca.pem"),
        wrongValue(
            "quarkus.rest-client.wechat.tls-configuration-name",
            "QUARKUS_REST_CLIENT_WECHAT_TLS_CONFIGURATION_NAME",
            "missing"),
        wrongValue("quarkus.redis.client-type", "QUARKUS_REDIS_CLIENT_TYPE", "banana"),
        wrongValue("quarkus.redis.replicas", "QUARKUS_REDIS_REPLICAS", "share"),
        wrongValue("wechat.base-url", "WECHAT_BASE_URL", "http://127.0.0.1:99999"),
        wrongValue("clients[0].secret", "CLIENTS_0__SECRET", "15-characters.."));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void invalidConfigurationStopsTheStartWithOneLine(
      String property, Map<String, String> environment) {
    var builder = ServiceProcess.with("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:1");
    environment.forEach(builder::with);
    try (var service = builder.launch()) {
      assertThat(service.awaitExit()).isNotZero();
      assertThat(service.lines())
          .singleElement()
          .asString()
          .contains(property)
          .doesNotContain("Exception");
      assertThat(environment.values())
          .filteredOn(value -> !value.isEmpty())
          .noneMatch(service.lines().get(0)::contains);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void portsInUseStopTheStartWithOneLine(boolean traffic, boolean management) throws IOException {
    try (var first = new ServerSocket(0);
        var second = new ServerSocket(0);
        var service =
            complete()
                .with("QUARKUS_HTTP_PORT", traffic ? number(first) : "0")
                .with("QUARKUS_MANAGEMENT_PORT", management ? number(second) : "0")
                .launch()) {
      assertThat(service.awaitExit()).isNotZero();
      assertThat(service.lines())
          .containsExactly(
              Stream.of(
                      traffic ? inUse(first, "http") : "",
                      management ? inUse(second, "management") : "")
                  .filter(port -> !port.isEmpty())
                  .collect(Collectors.joining("; ", "mini-login does not start: ", "")));
    }
  }

  private static String inUse(ServerSocket port, String name) {
    return "port %s (quarkus.%s.port) is in use or may not be used; QUARKUS_%s_PORT changes it"
        .formatted(number(port), name, name.toUpperCase(Locale.ROOT));
  }

  private static String number(ServerSocket port) {
    return String.valueOf(port.getLocalPort());
  }

  @Test
  void suspiciousSettingsCauseOneWarningEach(@TempDir Path files) throws IOException {
    Files.writeString(files.resolve("session.lifetme"), "typo");
    Files.writeString(files.resolve("LOGIN_WINDOW"), "typo");
    try (var surroundings = Surroundings.start();
        var service =
            surroundings
                .service()
                .with("WECHAT_SECRET", "an app secret of another kind")
                .with("WECHAT_SECRTE", "typo")
                .with("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS", files.toString())
                .with("LOGIN_SERVICE_HOST", "10.0.0.1")
                .start()) {
      assertThat(service.lines())
          .extracting(JsonPath::from)
          .filteredOn(line -> line.getString("level").equals("WARN"))
          .extracting(line -> line.getString("message"))
          .containsExactlyInAnyOrder(
              "The secret of app wx1111111111111111 is not in WeChat's format:"
                  + " 32 hexadecimal digits",
              "Unknown settings, which have no effect:"
                  + " LOGIN_WINDOW, session.lifetme, WECHAT_SECRTE");
    }
  }

  @Test
  void secretMayBeAFileAndUsualSettingsCauseNoWarning(@TempDir Path secrets) throws IOException {
    Files.writeString(secrets.resolve("wechat.secret"), APP.secret() + "\n");
    try (var surroundings = Surroundings.start();
        var service =
            GatewayClient.knownTo(surroundings.service())
                .without("WECHAT_SECRET")
                .with("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS", secrets.toString())
                .start()) {
      assertThat(service.lines())
          .extracting(JsonPath::from)
          .allSatisfy(line -> assertThat(line.getString("level")).isEqualTo("INFO"));
      service.client().login(code()).then().statusCode(200);
    }
  }

  private static Arguments mistake(String property, Map<String, String> environment) {
    return arguments(property, environment);
  }

  private static Arguments wrongValue(String property, String variable, String value) {
    var environment = new HashMap<>(COMPLETE);
    environment.put(variable, value);
    return mistake(property, environment);
  }

  private static ServiceProcess.Builder complete() {
    var builder = ServiceProcess.with("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:1");
    COMPLETE.forEach(builder::with);
    return builder;
  }
}
