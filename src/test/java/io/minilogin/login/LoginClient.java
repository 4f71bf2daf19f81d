package io.minilogin.login;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A mini program: posts codes and uses the tokens it gets. */
public final class LoginClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Duration LONG = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private final URI service;

  /** A response of the service; the body is a missing node if it is empty. */
  public record Answer(int status, JsonNode body) {
    public String token() {
      return body.path("access_token").textValue();
    }

    /** Returns the last part of the type of the problem; empty for a success. */
    public String problem() {
      return body.path("type").asText().replace("urn:mini-login:problem:", "");
    }
  }

  public LoginClient(URI service) {
    this.service = service;
  }

  public Answer login(String code) {
    return loginLater(code).join();
  }

  public CompletableFuture<Answer> loginLater(String code) {
    var body = MAPPER.createObjectNode().put("code", code).toString();
    return send(
        HttpRequest.newBuilder(service.resolve("/login"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  public Answer session(String token) {
    return withToken("GET", "/session", token);
  }

  public Answer logout(String token) {
    return withToken("DELETE", "/session", token);
  }

  public Answer logoutEverywhere(String token) {
    return withToken("DELETE", "/sessions", token);
  }

  private Answer withToken(String method, String path, String token) {
    return send(HttpRequest.newBuilder(service.resolve(path))
            .header("Authorization", "Bearer " + token)
            .method(method, BodyPublishers.noBody()))
        .join();
  }

  private CompletableFuture<Answer> send(HttpRequest.Builder request) {
    return client
        .sendAsync(request.timeout(LONG).build(), BodyHandlers.ofString())
        .thenApply(response -> new Answer(response.statusCode(), json(response.body())));
  }

  private static JsonNode json(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
