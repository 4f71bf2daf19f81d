package io.minilogin.it;

import static io.restassured.RestAssured.given;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static io.restassured.config.HttpClientConfig.httpClientConfig;

import io.minilogin.dev.WechatSimulator.App;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.Map;

/**
 * Calls the service like mini programs, gateways and Kubernetes, one request at a time.
 *
 * @param appid the app of the logins; empty if the service has one app
 */
public record Client(URI traffic, URI management, String appid) {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final RestAssuredConfig CONFIG =
      RestAssuredConfig.config()
          .httpClient(
              httpClientConfig()
                  .setParam("http.connection.timeout", TIMEOUT_MILLIS)
                  .setParam("http.socket.timeout", TIMEOUT_MILLIS))
          .encoderConfig(
              encoderConfig()
                  .defaultContentCharset("UTF-8")
                  .appendDefaultContentCharsetToContentTypeIfUndefined(false));

  public Client(URI traffic, URI management) {
    this(traffic, management, "");
  }

  /** Returns a client that logs in to one of several apps of the service. */
  Client of(App app) {
    return new Client(traffic, management, app.appid());
  }

  /** Returns a request to the traffic port. */
  public RequestSpecification request() {
    return given().config(CONFIG).urlEncodingEnabled(false).baseUri(traffic.toString());
  }

  public Response login(String code) {
    return appid.isEmpty() ? postLogin(Map.of("code", code)) : login(code, appid);
  }

  public Response login(String code, String appid) {
    return postLogin(Map.of("code", code, "appid", appid));
  }

  /** Posts a login with any body. Objects other than text are sent as JSON. */
  public Response postLogin(Object body) {
    return request().contentType("application/json").body(body).post("/login");
  }

  /** Logs in successfully and returns the token. */
  public String tokenFor(String code) {
    return login(code).then().statusCode(200).extract().path("access_token");
  }

  /** Logs in successfully to one of several apps and returns the token. */
  String tokenFor(String code, String appid) {
    return login(code, appid).then().statusCode(200).extract().path("access_token");
  }

  public Response session(String token) {
    return bearing(token).get("/session");
  }

  /** Sends a check as a gateway does. */
  Response verify(String token) {
    return bearing(token).get("/verify");
  }

  public Response logout(String token) {
    return bearing(token).delete("/session");
  }

  public Response logoutEverywhere(String token) {
    return bearing(token).delete("/sessions");
  }

  /** Posts the data of the client API, or any other body. */
  Response openData(String token, String body) {
    return bearing(token).contentType("application/json").body(body).post("/session/open-data");
  }

  Response phoneNumber(String token, String code) {
    return bearing(token)
        .contentType("application/json")
        .body(Map.of("code", code))
        .post("/session/phone-number");
  }

  Response checkKey(String token) {
    return bearing(token).post("/session/key/check");
  }

  Response resetKey(String token) {
    return bearing(token).post("/session/key/reset");
  }

  public RequestSpecification bearing(String token) {
    return request().header("Authorization", "Bearer " + token);
  }

  public Response ready() {
    return manage("/q/health/ready");
  }

  public Response live() {
    return manage("/q/health/live");
  }

  public String metrics() {
    return manage("/q/metrics").then().statusCode(200).extract().asString();
  }

  /** Scrapes the metrics like a Prometheus that accepts only OpenMetrics. */
  String openMetrics() {
    return ofOperators()
        .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1")
        .get("/q/metrics")
        .asString();
  }

  public Response manage(String path) {
    return ofOperators().get(path);
  }

  private RequestSpecification ofOperators() {
    return given().config(CONFIG).baseUri(management.toString());
  }
}
