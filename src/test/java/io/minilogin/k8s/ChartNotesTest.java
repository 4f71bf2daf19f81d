package io.minilogin.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that a user sees after an installation fits the values. */
class ChartNotesTest {
  @Test
  void notesShowHowToLogIn() throws IOException {
    assertThat(Chart.notes(Chart.text("values-prod.yaml")))
        .contains("create secret generic mini-login", "kubectl -n mini-login port-forward")
        .contains("curl http://localhost:8080/login", "http://mini-login.mini-login")
        .contains("helm -n mini-login test mini-login")
        .contains("Redis has no address yet", "mini-login/traffic=true", "/push/*");
    assertThat(Chart.notes(Chart.text("values-dev.yaml")))
        .contains("--from-literal=quarkus.redis.password")
        .doesNotContain("Redis has no address yet", "mini-login/traffic");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          settings: {QUARKUS_REDIS_HOSTS: redis://r}
          extraEnv: [{name: QUARKUS_REDIS_HOSTS, valueFrom: {}}]
          externalSecret: {enabled: true, secretStoreRef: {name: v}, properties: [quarkus.redis.hosts]}
          """)
  void redisWithAnAddressIsNotMissing(String values) {
    assertThat(Chart.notes(values)).doesNotContain("Redis has no address yet");
  }

  @Test
  void secretOfAVaultIsNotCreatedByHand() {
    assertThat(Chart.notes("externalSecret: {enabled: true, secretStoreRef: {name: v}}"))
        .contains("Secret mini-login, which comes from your vault.", "Redis has no address yet")
        .doesNotContain("create secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ingress: {enabled: true, host: api.example.com, tlsSecret: tls}
          gatewayApi: {enabled: true, parentRefs: [{name: p}], hostnames: [api.example.com, b.example]}
          """)
  void publicHostIsUsedForTheFirstLogin(String values) {
    assertThat(Chart.notes(values))
        .contains("curl https://api.example.com/login")
        .doesNotContain("port-forward", "do not reach it yet");
  }
}
