package io.minilogin.check;

import io.minilogin.app.Reloadable;
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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The configured clients: gateways and backends, which may ask about other people's tokens. Refuses
 * a start with clients that are incomplete or configured twice, naming the property. They may
 * change while the service runs.
 */
@Startup
@Singleton
public class Clients implements Reloadable {
  /** With its number: Kubernetes has variables for a Service that is called gateway-clients. */
  private static final Pattern OLD_NAME =
      Pattern.compile("(?i)gateway(\\.clients\\[|_clients_)\\d+.+");

  private volatile List<Client> clients;

  /**
   * A client.
   *
   * @param digests all that is kept of its id and its secrets
   */
  private record Client(List<byte[]> digests, Set<Permission> may) {}

  Clients(ClientSettings settings, SmallRyeConfig config) {
    refuseOldName(config.getPropertyNames());
    clients = read(settings);
  }

  @Override
  public Runnable prepare(SmallRyeConfig config) {
    var changed = read(Setting.mapped(config, ClientSettings.class));
    return () -> clients = changed;
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
        for (var known : client.digests()) {
          if (MessageDigest.isEqual(known, digest)) {
            found = Optional.of(client.may());
          }
        }
      }
    }
    return found;
  }

  private static List<Client> read(ClientSettings settings) {
    var clients = new ArrayList<Client>();
    var ids = new HashSet<String>();
    for (int i = 0; i < settings.clients().size(); i++) {
      var prefix = "clients[%d].".formatted(i);
      var client = settings.clients().get(i);
      var secret = Setting.secret(prefix + "secret", client.secret());
      var previous = Setting.optionalSecret(prefix + "previous-secret", client.previousSecret());
      var id = Setting.of(prefix + "id", client.id());
      if (id.indexOf(':') >= 0) {
        throw new ConfigurationException(prefix + "id has a colon, which HTTP Basic cannot send");
      }
      if (!ids.add(id)) {
        throw new ConfigurationException(prefix + "id names a client that is configured twice");
      }
      var digests =
          Stream.concat(Stream.of(secret), previous.stream())
              .map(each -> new Credentials(id, each).digest())
              .toList();
      clients.add(new Client(digests, may(prefix + "may", client.may())));
    }
    return clients;
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
