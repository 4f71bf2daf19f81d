package io.minilogin.clients;

import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;

/**
 * Finds the configured client that sends the current request, and refuses a client without the
 * permission of the resource, {@link Permitted}. Resources for clients call it first. It is not a
 * filter, because a filter would have to read the form before the resource does.
 */
@Singleton
public class ClientAuthentication {
  private static final Problem UNAUTHORIZED_FORM =
      Clients.unauthorized(
          "Send a client's id and secret as HTTP Basic, or as client_id and client_secret in the"
              + " form.");

  private static final Problem CONTRADICTION =
      Problem.of(
              ProblemType.INVALID_REQUEST,
              "The Authorization header and the form name different clients.")
          .oauthError("invalid_request");

  private static final Problem FORBIDDEN =
      Problem.of(ProblemType.CLIENT_FORBIDDEN, "The client's setting \"may\" does not list this.")
          .oauthError("unauthorized_client");

  private static final Problem FORBIDDEN_APP =
      Problem.of(
          ProblemType.CLIENT_FORBIDDEN, "The client's setting \"apps\" does not list this app.");

  private final Clients clients;
  private final Incidents incidents;
  private final HttpHeaders headers;
  private final ResourceInfo resource;

  ClientAuthentication(
      Clients clients, Incidents incidents, HttpHeaders headers, ResourceInfo resource) {
    this.clients = clients;
    this.incidents = incidents;
    this.headers = headers;
    this.resource = resource;
  }

  /**
   * Returns the client that authenticates with HTTP Basic.
   *
   * @throws ProblemException 400 for several Authorization headers, 401 without a client's
   *     credentials, 403 without the permission
   */
  public Client basic() {
    return permitted(
        clients
            .byBasic(authorization())
            .orElseThrow(() -> new ProblemException(Clients.UNAUTHORIZED)));
  }

  /**
   * Returns the client that authenticates with HTTP Basic, with {@code client_id} and {@code
   * client_secret} in the form, or with both. Both must be valid and name one client.
   *
   * @param idInForm the {@code client_id} in the form
   * @param inForm {@code client_id} and {@code client_secret}, if the form has both
   * @throws ProblemException 400 if header and form name different clients, 401 without a client's
   *     credentials, 403 without the permission
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</a>
   */
  public Client basicOrForm(Optional<String> idInForm, Optional<Credentials> inForm) {
    var authorization = authorization();
    var client =
        (authorization.isEmpty()
                ? inForm.flatMap(clients::byCredentials)
                : clients.byBasic(authorization))
            .orElseThrow(() -> new ProblemException(UNAUTHORIZED_FORM));
    if (!authorization.isEmpty()
        && inForm.isPresent()
        && inForm.flatMap(clients::byCredentials).isEmpty()) {
      throw new ProblemException(UNAUTHORIZED_FORM);
    }
    if (idInForm.filter(id -> !id.equals(client.id())).isPresent()) {
      throw new ProblemException(CONTRADICTION);
    }
    return permitted(client);
  }

  /**
   * Refuses a client that may not act for a configured app.
   *
   * @throws ProblemException 403 if the client's {@code apps} does not list the app
   */
  public void requireApp(Client client, String appid) {
    if (!client.mayActFor(appid)) {
      incidents.tell(
          "A client was refused: its setting \"apps\" does not list the app",
          Fields.of(ProblemType.CLIENT_FORBIDDEN).and("client", client.id()).and("app", appid));
      throw new ProblemException(FORBIDDEN_APP);
    }
  }

  private Client permitted(Client client) {
    var wanted = resource.getResourceClass().getAnnotation(Permitted.class).value();
    if (!client.may().contains(wanted)) {
      incidents.tell(
          "A client was refused: its setting \"may\" does not list \"" + wanted.word() + "\"",
          Fields.of(ProblemType.CLIENT_FORBIDDEN).and("client", client.id()));
      throw new ProblemException(FORBIDDEN);
    }
    return client;
  }

  private List<String> authorization() {
    return headers.getRequestHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of());
  }
}
