package io.minilogin.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Incomplete or contradictory clients stop the start with the name of the property. */
class GatewayClientsTest {

  @Test
  void thereNeedNotBeAny() {
    assertThatCode(() -> clients()).doesNotThrowAnyException();
  }

  @Test
  void completeClientsAreAccepted() {
    assertThatCode(() -> clients(client("one", "s1"), client("two", "s2")))
        .doesNotThrowAnyException();
  }

  @Test
  void aClientWithoutASecretIsRefused() {
    assertRefused("gateway.clients[1].secret", client("one", "s1"), client("two", null));
  }

  @Test
  void aClientWithoutAnIdIsRefused() {
    assertRefused("gateway.clients[0].id", client(" ", "s1"));
  }

  @Test
  void aClientTwiceIsRefused() {
    assertRefused("gateway.clients[1].id", client("one", "s1"), client("one", "s2"));
  }

  private static void assertRefused(String property, GatewaySettings.Client... clients) {
    assertThatThrownBy(() -> clients(clients))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(property + " ")
        .hasMessageNotContaining("s1");
  }

  private static GatewayClients clients(GatewaySettings.Client... clients) {
    return new GatewayClients(() -> List.of(clients));
  }

  private static GatewaySettings.Client client(String id, String secret) {
    return new GatewaySettings.Client() {
      @Override
      public Optional<String> id() {
        return Optional.of(id);
      }

      @Override
      public Optional<String> secret() {
        return Optional.ofNullable(secret);
      }
    };
  }
}
