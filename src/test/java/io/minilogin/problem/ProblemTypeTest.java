package io.minilogin.problem;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {
  /** The contract with clients: name, status and action. */
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          entry("invalid-request", "400 none"),
          entry("unknown-app", "400 none"),
          entry("code-invalid", "400 login"),
          entry("code-used", "400 login"),
          entry("token-missing", "401 login"),
          entry("token-invalid", "401 login"),
          entry("client-unauthorized", "401 none"),
          entry("client-forbidden", "403 none"),
          entry("user-blocked", "403 none"),
          entry("push-rejected", "403 none"),
          entry("open-data-rejected", "422 none"),
          entry("session-key-stale", "409 login"),
          entry("throttled", "429 login"),
          entry("app-misconfigured", "502 none"),
          entry("wechat-failed", "502 login"),
          entry("wechat-busy", "503 login"),
          entry("wechat-timeout", "504 login"),
          entry("backend-failed", "502 retry"),
          entry("backend-busy", "503 retry"),
          entry("backend-timeout", "504 retry"),
          entry("store-unavailable", "503 retry"),
          entry("internal", "500 none"),
          entry("not-found", "404 none"),
          entry("method-not-allowed", "405 none"),
          entry("not-acceptable", "406 none"),
          entry("request-timeout", "408 none"),
          entry("content-too-large", "413 none"),
          entry("uri-too-long", "414 none"),
          entry("unsupported-media-type", "415 none"),
          entry("headers-too-large", "431 none"));

  @Test
  void allProblemTypesAreListed() {
    assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::metricName))
        .containsExactlyInAnyOrderElementsOf(KNOWN.keySet());
  }

  @ParameterizedTest
  @EnumSource
  void nameStatusAndActionAreStable(ProblemType type) {
    assertThat(type.status() + " " + type.action().text()).isEqualTo(KNOWN.get(type.metricName()));
    assertThat(type.urn()).isEqualTo("urn:mini-login:problem:" + type.metricName());
  }

  @ParameterizedTest
  @EnumSource
  void everyProblemTypeHasATitle(ProblemType type) {
    assertThat(type.title()).isNotBlank();
  }

  @Test
  void titlesAreUnique() {
    assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::title)).doesNotHaveDuplicates();
  }
}
