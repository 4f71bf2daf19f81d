package io.minilogin.clients;

import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.settings.Reloadable;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Finds the configured clients: gateways and backends, which may ask about the tokens of users. The
 * clients may change while the service runs.
 */
@Startup
@Singleton
public class Clients implements Reloadable {
  /** The problem for a caller that is not a client. */
  public static final Problem UNAUTHORIZED =
      unauthorized("Send a client's id and secret as HTTP Basic.");

  private static final Problem SEVERAL =
      Problem.of(ProblemType.INVALID_REQUEST, "Send exactly one Authorization header.")
          .oauthError("invalid_request");

  /**
   * A client that has sent a valid secret.
   *
   * @param proof the {@link Client#proof} of the secret that it sent, the current or the previous
   *     one: 16 bytes
   */
  public record Identified(Client client, byte[] proof) {}

  private final ClientReader reader;
  private final Incidents incidents;
  private volatile List<Client> clients;

  Clients(
      ClientSettings settings, SmallRyeConfig config, ClientReader reader, Incidents incidents) {
    this.reader = reader;
    this.incidents = incidents;
    clients = reader.read(settings, config);
  }

  @Override
  public Runnable prepare(SmallRyeConfig config) {
    var changed = reader.read(Setting.mapped(config, ClientSettings.class), config);
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
   * Returns the client that sends its id and secret as HTTP Basic in this Authorization header.
   *
   * @param headers all Authorization headers of the request
   * @throws ProblemException 400 if there are several headers
   */
  public Optional<Client> byBasic(List<String> headers) {
    if (headers.size() > 1) {
      throw new ProblemException(SEVERAL);
    }
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
   * Returns the client that one of the readings identifies. Reports a refused caller to operators,
   * and its id only if a client has this id.
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
}
