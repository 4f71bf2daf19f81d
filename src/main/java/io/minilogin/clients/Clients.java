package io.minilogin.clients;

import io.minilogin.app.WechatApps;
import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.minilogin.settings.Reloadable;
import io.minilogin.settings.Setting;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configured clients: gateways and backends, which may ask about the tokens of users. The
 * service does not start with a client that is incomplete or configured twice; the error names the
 * property. The clients may change while the service runs.
 */
@Startup
@Singleton
public class Clients implements Reloadable {
  /** The problem for a caller that is not a client. */
  public static final Problem UNAUTHORIZED =
      unauthorized("Send a client's id and secret as HTTP Basic.");

  /**
   * A client that has sent a valid secret.
   *
   * @param proof the {@link Client#proof} of the secret that it sent, the current or the previous
   *     one: 16 bytes
   */
  public record Identified(Client client, byte[] proof) {}

  private final WechatApps apps;
  private final Incidents incidents;
  private volatile List<Client> clients;

  Clients(ClientSettings settings, WechatApps apps, Incidents incidents) {
    this.apps = apps;
    this.incidents = incidents;
    clients = read(settings);
  }

  @Override
  public Runnable prepare(SmallRyeConfig config) {
    var changed = read(Setting.mapped(config, ClientSettings.class));
    return () -> clients = changed;
  }

  /**
   * Returns the problem for a caller that is not a client, with the challenge that says how clients
   * authenticate.
   */
  static Problem unauthorized(String detail) {
    return Problem.of(ProblemType.CLIENT_UNAUTHORIZED, detail)
        .challenge("Basic realm=\"mini-login\", charset=\"UTF-8\"")
        .oauthError("invalid_client");
  }

  /** Returns whether no client is configured. */
  public boolean areNone() {
    return clients.isEmpty();
  }

  /** Returns the number of clients that may call WeChat's API for this app. */
  public int backendsOf(String appid) {
    return (int)
        clients.stream()
            .filter(client -> !client.paths().isEmpty() && client.mayActFor(appid))
            .count();
  }

  /**
   * Returns the client that sends its id and secret as HTTP Basic in these Authorization headers;
   * empty unless there is exactly one.
   */
  public Optional<Client> byBasic(List<String> headers) {
    return identified(Credentials.readings(headers)).map(Identified::client);
  }

  /** Returns the client with this id and secret. */
  Optional<Client> byCredentials(Credentials credentials) {
    return identified(List.of(credentials)).map(Identified::client);
  }

  /**
   * Returns the client that one of these {@code id:secret} pairs identifies, raw or
   * form-urlencoded, and the proof that it knew this secret.
   */
  public Optional<Identified> byIdAndSecret(List<String> pairs) {
    return identified(pairs.stream().map(Credentials::readings).flatMap(List::stream).toList());
  }

  /** Returns the client with this {@link Client#proof}. */
  public Optional<Client> byProof(byte[] proof) {
    return clients.stream().filter(client -> client.isProvenBy(proof)).findFirst();
  }

  /**
   * Returns the client. Reports a refused caller to operators, with its id only if a client has
   * this id.
   */
  private Optional<Identified> identified(List<Credentials> readings) {
    var found = find(readings);
    if (found.isEmpty() && !readings.isEmpty()) {
      var known =
          clients.stream()
              .map(Client::id)
              .filter(id -> readings.stream().anyMatch(reading -> reading.id().equals(id)))
              .findFirst();
      incidents.tell(
          "A client was refused: its id or secret is wrong",
          Fields.of(UNAUTHORIZED.type()).and("client", known));
    }
    return found;
  }

  /**
   * Returns the client that one of the readings identifies. The duration reveals nothing about an
   * id or a secret: each reading is compared with each client, and digests are always compared as a
   * whole.
   */
  Optional<Identified> find(List<Credentials> readings) {
    var found = Optional.<Identified>empty();
    for (var reading : readings) {
      var digest = reading.digest();
      for (var client : clients) {
        for (var known : client.digests()) {
          if (MessageDigest.isEqual(known, digest)) {
            found = Optional.of(new Identified(client, Client.proof(known)));
          }
        }
      }
    }
    return found;
  }

  private List<Client> read(ClientSettings settings) {
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
      var may = client.may().map(words -> words.stream().map(String::strip).toList());
      clients.add(
          new Client(
              id,
              digests,
              may.map(words -> permissions(prefix + "may", words))
                  .orElseGet(() -> EnumSet.allOf(Permission.class)),
              may.orElse(List.of()).stream()
                  .map(ApiPattern::parse)
                  .flatMap(Optional::stream)
                  .toList(),
              client.apps().map(appids -> configured(prefix + "apps", appids))));
    }
    return clients;
  }

  private static Set<Permission> permissions(String property, List<String> words) {
    var permissions = EnumSet.noneOf(Permission.class);
    for (var word : words) {
      var permission = Permission.of(word);
      permission.ifPresent(permissions::add);
      if (permission.isEmpty() && ApiPattern.parse(word).isEmpty()) {
        throw new ConfigurationException(
            property
                + " has a word other than introspect, revoke, users and paths of WeChat's API,"
                + " such as /wxa/msg_sec_check or /cgi-bin/message/*");
      }
    }
    return permissions;
  }

  private Set<String> configured(String property, List<String> appids) {
    var stripped = appids.stream().map(String::strip).collect(Collectors.toUnmodifiableSet());
    if (!stripped.stream().allMatch(appid -> apps.find(appid).isPresent())) {
      throw new ConfigurationException(property + " names an app that is not configured");
    }
    return stripped;
  }
}
