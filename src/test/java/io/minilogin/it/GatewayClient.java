package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Base64;

/** Calls the service like a gateway or a back office that is configured as a client. */
record GatewayClient(Client client, String id) {
  static final String ID = "back-office";

  /** Contains characters that the readings of HTTP Basic treat differently. */
  static final String SECRET = "5ecre7-0f:the%20back+office-5ecre7";

  /** A client that may only introspect. */
  static final String INTROSPECTING_ID = "backend";

  /**
   * A client that acts for {@link Surroundings#APP} only, if the service uses {@link
   * BackendClient#knownTo}.
   */
  static final String ONE_APP_ID = "one-app";

  /**
   * A client that may sign and call all paths, if the service uses {@link BackendClient#knownTo}.
   */
  static final String SIGNING_ID = "shop";

  GatewayClient(Client client) {
    this(client, ID);
  }

  /** Configures the first two clients. */
  static ServiceProcess.Builder knownTo(ServiceProcess.Builder service) {
    return service
        .with("CLIENTS_0__ID", ID)
        .with("CLIENTS_0__SECRET", SECRET)
        .with("CLIENTS_1__ID", INTROSPECTING_ID)
        .with("CLIENTS_1__SECRET", SECRET)
        .with("CLIENTS_1__MAY", "introspect");
  }

  /** Returns the value of an Authorization header. */
  static String basic(String id, String secret) {
    return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
  }

  RequestSpecification request() {
    return client.request().header("Authorization", basic(id, SECRET));
  }

  Response introspect(String token) {
    return post("/introspect", "token=" + token);
  }

  Response revoke(String token) {
    return post("/revoke", "token=" + token);
  }

  Response post(String path, String form) {
    return request().contentType("application/x-www-form-urlencoded").body(form).post(path);
  }

  Response sessions(String appid, String openid) {
    return request().get(path(appid, openid));
  }

  Response endSessions(String appid, String openid) {
    return request().delete(path(appid, openid));
  }

  /** Blocks a user. An empty body is sent without a Content-Type, as curl does. */
  Response block(String appid, String openid, String body) {
    var request = body.isEmpty() ? request() : request().contentType("application/json").body(body);
    return request.put(blockPath(appid, openid));
  }

  Response findBlock(String appid, String openid) {
    return request().get(blockPath(appid, openid));
  }

  Response unblock(String appid, String openid) {
    return request().delete(blockPath(appid, openid));
  }

  /** Posts data to sign, or any other body. */
  Response sign(String appid, String openid, Object body) {
    return request()
        .contentType("application/json")
        .body(body)
        .post("/users/" + appid + "/" + openid + "/signature");
  }

  static String path(String appid, String openid) {
    return "/users/" + appid + "/" + openid + "/sessions";
  }

  static String blockPath(String appid, String openid) {
    return "/users/" + appid + "/" + openid + "/block";
  }
}
