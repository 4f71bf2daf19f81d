package io.minilogin.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Many concurrent callers. */
final class Crowd {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Pattern PROBLEM = Pattern.compile("urn:mini-login:problem:([a-z-]+)");

  private Crowd() {}

  /** Sends all requests at once and returns all answers in the order of the requests. */
  static List<HttpResponse<String>> send(Stream<HttpRequest> requests) {
    var underWay = requests.map(Crowd::send).toList();
    return underWay.stream().map(CompletableFuture::join).toList();
  }

  static CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return HTTP.sendAsync(request, BodyHandlers.ofString());
  }

  /** Returns the number of answers of each kind: the status and, for a problem, its type. */
  static Map<String, Long> kinds(List<HttpResponse<String>> answers) {
    return answers.stream().collect(Collectors.groupingBy(Crowd::kind, Collectors.counting()));
  }

  /** Returns the status and, for a problem, its type. */
  static String kind(HttpResponse<String> answer) {
    var type = PROBLEM.matcher(answer.body());
    return answer.statusCode() + (type.find() ? " " + type.group(1) : "");
  }

  static HttpRequest login(ServiceProcess service, String code) {
    return login(service.client(), code);
  }

  static HttpRequest login(Client client, String code) {
    var appid = client.appid().isEmpty() ? "" : "\",\"appid\":\"" + client.appid();
    return to(client, "/login")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"code\":\"" + code + appid + "\"}"))
        .build();
  }

  static HttpRequest session(ServiceProcess service, String token) {
    return bearing(service.client(), "/session", token).build();
  }

  static HttpRequest verify(ServiceProcess service, String token) {
    return bearing(service.client(), "/verify", token).build();
  }

  static HttpRequest logout(ServiceProcess service, String token) {
    return bearing(service.client(), "/session", token).DELETE().build();
  }

  /** Returns an introspection request for a service that knows {@link GatewayClient}. */
  static HttpRequest introspect(ServiceProcess service, String token) {
    return to(service.client(), "/introspect")
        .header("Authorization", GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString("token=" + token))
        .build();
  }

  /** Returns a request to block a user, for a service that knows {@link GatewayClient}. */
  static HttpRequest block(Client client, String appid, String openid) {
    return to(client, GatewayClient.blockPath(appid, openid))
        .header("Authorization", GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET))
        .PUT(BodyPublishers.noBody())
        .build();
  }

  static HttpRequest phoneNumber(ServiceProcess service, String token, String code) {
    return post(service, "/session/phone-number", token, "{\"code\":\"" + code + "\"}");
  }

  static HttpRequest resetKey(Client client, String token) {
    return post(client, "/session/key/reset", token, "");
  }

  /** Returns a request with any body as JSON. */
  static HttpRequest post(ServiceProcess service, String path, String token, String body) {
    return post(service.client(), path, token, body);
  }

  private static HttpRequest post(Client client, String path, String token, String body) {
    return bearing(client, path, token)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest.Builder bearing(Client client, String path, String token) {
    return to(client, path).header("Authorization", "Bearer " + token);
  }

  private static HttpRequest.Builder to(Client client, String path) {
    return HttpRequest.newBuilder(URI.create(client.traffic() + path))
        .timeout(Duration.ofSeconds(20));
  }
}
