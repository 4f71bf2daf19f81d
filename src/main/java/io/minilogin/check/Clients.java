package io.minilogin.check;

import io.minilogin.app.Setting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The configured clients: gateways and backends, which may ask about other people's tokens. Refuses
 * a start with clients that are incomplete or configured twice, naming the property.
 */
@Startup
@Singleton
public class Clients {
  /** With its number: Kubernetes has variables for a Service that is called gateway-clients. */
  private static final Pattern OLD_NAME =
      Pattern.compile("(?i)gateway(\\.clients\\[|_clients_)\\d+.+");

  private final List<Client> clients = new ArrayList<>();

  /**
   * A client.
   *
   * @param digest all that is kept of its id and secret
   */
  private record Client(byte[] digest, Set<Permission> may) {}

  Clients(ClientSettings settings, SmallRyeConfig config) {
    refuseOldName(config.getPropertyNames());
    var ids = new HashSet<String>();
    for (int i = 0; i < settings.clients().size(); i++) {
      var prefix = "clients[%d].".formatted(i);
      var client = settings.clients().get(i);
      var secret = Setting.secret(prefix + "secret", client.secret());
      var id = Setting.of(prefix + "id", client.id());
      if (id.indexOf(':') >= 0) {
        throw new ConfigurationException(prefix + "id has a colon, which HTTP Basic cannot send");
      }
      if (!ids.add(id)) {
        throw new ConfigurationException(prefix + "id names a client that is configured twice");
      }
      clients.add(
          new Client(new Credentials(id, secret).digest(), may(prefix + "may", client.may())));
    }
  }

  /** Whether no client is configured. */
  public boolean areNone() {
    return clients.isEmpty();
  }

  /**
   * What the client may do of whom this is one of the readings; empty if there is no such client.
   * How long that takes tells nothing about any id or secret: each reading is compared with each
   * client, and whole digests with each other.
   */
  Optional<Set<Permission>> permissions(List<Credentials> readings) {
    var found = Optional.<Set<Permission>>empty();
    for (var reading : readings) {
      var digest = reading.digest();
      for (var client : clients) {
        if (MessageDigest.isEqual(client.digest(), digest)) {
          found = Optional.of(client.may());
        }
      }
    }
    return found;
  }

  private static Set<Permission> may(String property, Optional<List<String>> words) {
    if (words.isEmpty()) {
      return EnumSet.allOf(Permission.class);
    }
    var may = EnumSet.noneOf(Permission.class);
    for (var word : words.get()) {
      may.add(
          Permission.of(word.strip())
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          property + " has a word other than introspect, revoke and users")));
    }
    return may;
  }

  private static void refuseOldName(Iterable<String> names) {
    if (StreamSupport.stream(names.spliterator(), false).anyMatch(OLD_NAME.asMatchPredicate())) {
      throw new ConfigurationException(
          "gateway.clients[n] is now clients[n]: rename .id and .secret"
              + " (GATEWAY_CLIENTS_n__… is CLIENTS_n__…)");
    }
  }
}
