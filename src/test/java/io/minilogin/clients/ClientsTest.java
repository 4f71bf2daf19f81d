package io.minilogin.clients;

import static io.minilogin.clients.Permission.INTROSPECT;
import static io.minilogin.clients.Permission.REVOKE;
import static io.minilogin.clients.Permission.USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.app.ConfiguredApps;
import io.minilogin.observe.IncidentsWith;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsTest {
  private static final String APPID = "wx1111111111111111";
  private static final String S1 = "s1-of-16-characters";
  private static final String S2 = "s2-of-16-characters";
  private static final Map<String, String> ONE =
      Map.of("clients[0].id", "one", "clients[0].secret", S1);

  @Nested
  class AStart {
    @Test
    void acceptsNoClients() {
      assertThat(clients(Map.of()).areNone()).isTrue();
    }

    @Test
    void needsTheSecretOfEachClient() {
      assertRefused("clients[1].secret", Map.of("clients[1].id", "two"));
    }

    @Test
    void namesAClientByItsIndexAfterAGap() {
      assertRefused("clients[2].secret", Map.of("clients[2].id", "two"));
      assertRefused("clients[11].id", Map.of("clients[11].secret", S2));
    }

    @ParameterizedTest
    @CsvSource({"may, ''", "may, ','", "may, ' '", "apps, ''", "apps, ','", "apps, ' , '"})
    void rejectsAnEmptyList(String list, String value) {
      assertRefused("clients[0]." + list, Map.of("clients[0]." + list, value));
    }

    @Test
    void needsTheIdOfEachClient() {
      assertRefused("clients[1].id", Map.of("clients[1].secret", S2));
      assertRefused("clients[1].id", Map.of("clients[1].secret", S2, "clients[1].id", " "));
    }

    @Test
    void rejectsADuplicateClient() {
      assertRefused("clients[1].id", Map.of("clients[1].id", "one", "clients[1].secret", S2));
    }

    @Test
    void rejectsAShortSecret() {
      assertRefused(
          "clients[1].secret",
          Map.of("clients[1].id", "two", "clients[1].secret", "s1-of-15-chars."));
    }

    @Test
    void rejectsAShortPreviousSecret() {
      assertRefused(
          "clients[0].previous-secret", Map.of("clients[0].previous-secret", "s1-of-15-chars."));
    }

    @Test
    void rejectsAnIdThatHttpBasicCannotSend() {
      assertRefused("clients[1].id", Map.of("clients[1].id", "o:ne", "clients[1].secret", S2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "introspect,revoke,user", "INTROSPECT"})
    void rejectsAnUnknownPermission(String may) {
      assertRefused("clients[0].may", Map.of("clients[0].may", may));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"*", "wxa/x", "/wxa/*/x", "/wxa/../x", "/wxa//x", "/wxa/%2e", "/a b", "/x?y"})
    void rejectsAMalformedPath(String word) {
      assertRefused("clients[0].may", Map.of("clients[0].may", word));
    }

    @Test
    void rejectsAnUnknownApp() {
      assertRefused("clients[0].apps", Map.of("clients[0].apps", "wx9999999999999999"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLIENTS_SERVICE_HOST", "CLIENTS_PORT"})
    void ignoresVariablesOfKubernetes(String name) {
      assertThat(clients(Map.of(name, "10.0.0.1")).areNone()).isTrue();
    }

    private void assertRefused(String property, Map<String, String> more) {
      var properties = new HashMap<>(ONE);
      properties.putAll(more);

      assertThatThrownBy(() -> clients(properties))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith(property + " ")
          .hasMessageNotContaining("s1-")
          .hasMessageNotContaining("s2-");
    }
  }

  @Nested
  class AClient {
    @ParameterizedTest
    @CsvSource({
      "one, s1-of-16-characters, true",
      "two, s2-of-16-characters, true",
      "one, s2-of-16-characters, false",
      "One, s1-of-16-characters, false",
      "one, 's1-of-16-characters ', false",
      "one, '', false",
      "'', '', false"
    })
    void isAuthenticatedOnlyByItsOwnSecret(String id, String secret, boolean known) {
      var clients =
          clients(
              Map.of(
                  "clients[0].id",
                  "one",
                  "clients[0].secret",
                  S1,
                  "clients[1].id",
                  "two",
                  "clients[1].secret",
                  S2));

      assertThat(clients.find(List.of(new Credentials(id, secret))).isPresent()).isEqualTo(known);
    }

    @Test
    void isAuthenticatedByAnyMatchingReading() {
      var right = new Credentials("one", S1);
      var wrong = new Credentials("one", S2);

      assertThat(permissions(wrong, right)).isPresent();
      assertThat(permissions(right, wrong)).isPresent();
      assertThat(permissions(wrong, wrong)).isEmpty();
      assertThat(permissions()).isEmpty();
    }

    @Test
    void mayHaveASecretThatEndsInALineBreak() {
      var clients = clients(Map.of("clients[0].id", "one\n", "clients[0].secret", S1 + "\n"));

      assertThat(clients.find(List.of(new Credentials("one", S1)))).isPresent();
    }

    @Test
    void mayHaveTwoSecrets() {
      var properties = new HashMap<>(ONE);
      properties.put("clients[0].previous-secret", S2);
      var clients = clients(properties);

      assertThat(clients.find(List.of(new Credentials("one", S1)))).isPresent();
      assertThat(clients.find(List.of(new Credentials("one", S2)))).isPresent();
      assertThat(clients.find(List.of(new Credentials("one", S1 + S2)))).isEmpty();
    }

    @Test
    void hasTheNewSecretOnceTheChangeIsApplied() {
      var clients = clients(ONE);
      var changed =
          clients.prepare(config(Map.of("clients[0].id", "one", "clients[0].secret", S2)));
      assertThat(clients.find(List.of(new Credentials("one", S1)))).isPresent();

      changed.run();
      assertThat(clients.find(List.of(new Credentials("one", S1)))).isEmpty();
      assertThat(clients.find(List.of(new Credentials("one", S2)))).isPresent();
    }

    @Test
    void isUnknownWithoutConfiguredClients() {
      assertThat(clients(Map.of()).find(List.of(new Credentials("", "")))).isEmpty();
    }

    @Test
    void hasAllPermissionsExceptSignByDefault() {
      assertThat(permissions(new Credentials("one", S1)))
          .contains(Set.of(INTROSPECT, REVOKE, USERS));
    }

    @Test
    void hasOnlyTheListedPermissions() {
      var properties = new HashMap<>(ONE);
      properties.put("clients[0].may", "introspect, users");

      assertThat(
              clients(properties)
                  .find(List.of(new Credentials("one", S1)))
                  .map(it -> it.client().may()))
          .contains(Set.of(INTROSPECT, USERS));
    }

    @Test
    void mayCallOnlyTheListedPathsOfWechat() {
      var client = client("introspect,/wxa/msg_sec_check, /cgi-bin/message/*");

      assertThat(client.may()).containsExactly(INTROSPECT);
      assertThat(client.allows("/wxa/msg_sec_check").map(ApiPattern::text))
          .contains("/wxa/msg_sec_check");
      assertThat(client.allows("/cgi-bin/message/subscribe/send").map(ApiPattern::text))
          .contains("/cgi-bin/message/*");
      assertThat(client.allows("/wxa/msg_sec_check2")).isEmpty();
      assertThat(client.allows("/cgi-bin/message")).isEmpty();
      assertThat(client.allows("/WXA/msg_sec_check")).isEmpty();
    }

    @Test
    void mayCallNoPathsOfWechatByDefault() {
      assertThat(
              clients(ONE).find(List.of(new Credentials("one", S1))).orElseThrow().client().paths())
          .isEmpty();
    }

    @Test
    void actsOnlyForTheListedApps() {
      var properties = new HashMap<>(ONE);
      properties.put("clients[0].apps", APPID);

      assertThat(found(properties).mayActFor(APPID)).isTrue();
      assertThat(found(properties).mayActFor("wx9999999999999999")).isFalse();
      assertThat(found(ONE).mayActFor("wx9999999999999999")).isTrue();
    }

    private Client client(String may) {
      var properties = new HashMap<>(ONE);
      properties.put("clients[0].may", may);
      return found(properties);
    }

    private Client found(Map<String, String> properties) {
      return clients(properties).find(List.of(new Credentials("one", S1))).orElseThrow().client();
    }

    private Optional<Set<Permission>> permissions(Credentials... readings) {
      return clients(ONE).find(List.of(readings)).map(it -> it.client().may());
    }
  }

  private static Clients clients(Map<String, String> properties) {
    var config = config(properties);
    return new Clients(
        config.getConfigMapping(ClientSettings.class),
        config,
        new ClientReader(ConfiguredApps.one(APPID, "0123456789abcdef0123456789abcdef")),
        IncidentsWith.clock(Clock.systemUTC()));
  }

  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .withMapping(ClientSettings.class)
        .build();
  }
}
