package io.minilogin.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Incomplete or contradictory clients stop the start with the name of the property; complete ones
 * are told from everybody else.
 */
class ClientsTest {

  @Test
  void thereNeedNotBeAny() {
    assertThatCode(() -> clients()).doesNotThrowAnyException();
  }

  @Test
  void completeClientsAreAccepted() {
    assertThatCode(
            () ->
                clients(client("one", "s1-of-16-characters"), client("two", "s2-of-16-characters")))
        .doesNotThrowAnyException();
  }

  @Test
  void aClientWithoutASecretIsRefused() {
    assertRefused(
        "gateway.clients[1].secret", client("one", "s1-of-16-characters"), client("two", null));
  }

  @Test
  void aClientWithoutAnIdIsRefused() {
    assertRefused("gateway.clients[0].id", client(" ", "s1-of-16-characters"));
  }

  @Test
  void aClientTwiceIsRefused() {
    assertRefused(
        "gateway.clients[1].id",
        client("one", "s1-of-16-characters"),
        client("one", "s2-of-16-characters"));
  }

  @Test
  void aSecretThatCouldBeGuessedIsRefused() {
    assertRefused("gateway.clients[0].secret", client("one", "s1-of-15-chars."));
  }

  @Test
  void anIdThatHttpBasicCannotSendIsRefused() {
    assertRefused("gateway.clients[0].id", client("o:ne", "s1-of-16-characters"));
  }

  @Test
  void eachClientIsKnownByItsOwnSecretOnly() {
    var clients =
        clients(client("one", "s1-of-16-characters"), client("two", "s2-of-16-characters"));
    assertThat(clients.areNone()).isFalse();
    assertThat(clients.include(List.of(new Credentials("one", "s1-of-16-characters")))).isTrue();
    assertThat(clients.include(List.of(new Credentials("two", "s2-of-16-characters")))).isTrue();
    assertThat(clients.include(List.of(new Credentials("one", "s2-of-16-characters")))).isFalse();
    assertThat(clients.include(List.of(new Credentials("One", "s1-of-16-characters")))).isFalse();
    assertThat(clients.include(List.of(new Credentials("one", "s1-of-16-characters ")))).isFalse();
    assertThat(clients.include(List.of(new Credentials("one", "")))).isFalse();
    assertThat(clients.include(List.of(new Credentials("", "")))).isFalse();
  }

  @Test
  void oneReadingThatFitsIsEnough() {
    var clients = clients(client("one", "s1-of-16-characters"));
    var right = new Credentials("one", "s1-of-16-characters");
    var wrong = new Credentials("one", "s2-of-16-characters");
    assertThat(clients.include(List.of(wrong, right))).isTrue();
    assertThat(clients.include(List.of(right, wrong))).isTrue();
    assertThat(clients.include(List.of(wrong, wrong))).isFalse();
    assertThat(clients.include(List.of())).isFalse();
  }

  @Test
  void aSecretFromAFileMayEndInALineBreak() {
    var clients = clients(client("one\n", "s1-of-16-characters\n"));
    assertThat(clients.include(List.of(new Credentials("one", "s1-of-16-characters")))).isTrue();
  }

  @Test
  void withoutClientsNobodyIsOne() {
    assertThat(clients().areNone()).isTrue();
    assertThat(clients().include(List.of(new Credentials("", "")))).isFalse();
  }

  private static void assertRefused(String property, ClientSettings.Client... clients) {
    assertThatThrownBy(() -> clients(clients))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(property + " ")
        .hasMessageNotContaining("s1-");
  }

  private static Clients clients(ClientSettings.Client... clients) {
    return new Clients(() -> List.of(clients));
  }

  private static ClientSettings.Client client(String id, String secret) {
    return new ClientSettings.Client() {
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
