package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.named;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.minilogin.OpenApi;
import io.minilogin.OpenApi.Operation;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators find the OpenAPI document, and the service behaves as documented. */
@ExtendWith(SharedService.class)
class OpenApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PUSH = "/push/";
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND");

  private final WechatSimulator wechat;
  private final Client client;
  private final String user = newUser();

  OpenApiIT(Shared shared) {
    this.wechat = shared.wechat();
    this.client = shared.client();
  }

  /** Returns all operations but those for WeChat, whose requests are signed: see {@link PushIT}. */
  static List<Operation> operations() {
    return OpenApi.operations().stream().filter(each -> !each.path().startsWith(PUSH)).toList();
  }

  static Stream<String> paths() {
    return OpenApi.operations().stream().map(OpenApiIT::path).distinct();
  }

  @Test
  void documentIsOnTheManagementPortOnly() throws IOException {
    var yaml = client.manage("/q/openapi");
    yaml.then().statusCode(200).header("Content-Type", containsString("application/yaml"));
    assertThat(new YAMLMapper().readTree(yaml.asString())).isEqualTo(OpenApi.document());
    client.request().get("/q/openapi").then().spec(problem("not-found", 404, "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/swagger-ui", "/q/swagger-ui/", "/q/swagger-ui/index.html"})
  void swaggerUiIsNotServed(String path) {
    client.manage(path).then().statusCode(404);
    client.request().get(path).then().spec(problem("not-found", 404, "none"));
  }

  /** Runs in the order of the document: a user is blocked before the block is read. */
  @ParameterizedTest
  @MethodSource("operations")
  void exampleRequestIsAnsweredAsDocumented(Operation operation) throws IOException {
    var request = authorized(operation);
    // The client API encrypts data for one user.
    var answer =
        operation.content().path("operationId").asText().equals("openData")
            ? send(operation, request, wechat.userInfo(APP.appid(), user).json())
            : send(operation, request);
    assertThat(answer.statusCode()).isIn(200, 204);
    assertDocumented(operation, answer);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void missingCredentialsAreRefusedAsDocumented(Operation operation) throws IOException {
    if (!operation.content().path("security").isEmpty()) {
      var answer = send(operation, client.request());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertDocumented(operation, answer);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void undocumentedMediaTypeIsRefusedAsDocumented(Operation operation) throws IOException {
    if (operation.content().has("requestBody")) {
      var request = authorized(operation).contentType("text/plain").body("x");
      var answer = request.request(operation.method(), path(operation));
      assertThat(answer.statusCode()).isEqualTo(415);
      assertDocumented(operation, answer);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("paths")
  void undocumentedMethodIsRefusedWithTheAllowedMethods(String path) {
    for (var method : METHODS) {
      for (var end : List.of("", "/")) {
        var answer = harmless(new GatewayClient(client).request().request(method, path + end));
        if (path.startsWith("/verify")) {
          assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(401);
        } else if (method.equals("OPTIONS")) {
          assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(200);
          assertThat(answer.header("Allow").split(", "))
              .containsExactlyInAnyOrderElementsOf(allowed(path));
        } else if (!allowed(path).contains(method)) {
          assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(405);
          assertThat(answer.header("Allow").split(", "))
              .containsExactlyInAnyOrderElementsOf(allowed(path));
          if (path.startsWith(PUSH) && !method.equals("HEAD")) {
            answer.then().spec(named("method-not-allowed", "none"));
          } else if (!method.equals("HEAD")) {
            answer.then().spec(problem("method-not-allowed", 405, "none"));
          }
        }
      }
    }
  }

  /**
   * Returns the documented methods and the methods that are always allowed: those that come with
   * GET, and those of every path.
   */
  private static Set<String> allowed(String path) {
    var methods = new TreeSet<>(Set.of("OPTIONS"));
    OpenApi.operations().stream()
        .filter(operation -> path(operation).equals(path))
        .forEach(operation -> methods.add(operation.method()));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  private RequestSpecification authorized(Operation operation) {
    var schemes = operation.content().path("security").path(0);
    if (schemes.has("basic")) {
      // Data of a user without a session key cannot be signed.
      client.tokenFor(codeOf(user));
      return new GatewayClient(client, GatewayClient.SIGNING_ID).request();
    }
    return schemes.has("bearer") ? client.bearing(client.tokenFor(codeOf(user))) : client.request();
  }

  /** Sends the request with the examples of its parameters and its body. */
  private Response send(Operation operation, RequestSpecification request) throws IOException {
    var body = OpenApi.resolved(operation.content().path("requestBody")).path("content");
    for (var content : body.properties()) {
      var example = content.getValue().path("examples").iterator().next().path("value");
      request.contentType(content.getKey()).body(written(content.getKey(), example));
    }
    return request.request(operation.method(), pathOfUser(operation));
  }

  private Response send(Operation operation, RequestSpecification request, String body) {
    return request
        .contentType("application/json")
        .body(body)
        .request(operation.method(), pathOfUser(operation));
  }

  /** Returns the path. A call that signs names a user who has logged in. */
  private String pathOfUser(Operation operation) {
    var openid = wechat.openidOf(APP.appid(), user);
    return path(operation).replaceAll("/[^/]+/signature$", "/" + openid + "/signature");
  }

  private static String path(Operation operation) {
    var path = operation.path();
    for (var parameter : operation.parameters()) {
      var name = parameter.path("name").asText();
      var value = name.equals("appid") ? APP.appid() : parameter.path("example").asText();
      path = path.replace("{" + name + "}", value);
    }
    return path;
  }

  private static String written(String mediaType, JsonNode example) {
    return mediaType.equals("application/json")
        ? example.toString()
        : example.properties().stream()
            .map(field -> field.getKey() + "=" + field.getValue().asText())
            .collect(Collectors.joining("&"));
  }

  private static void assertDocumented(Operation operation, Response answer) throws IOException {
    var documented = operation.response(answer.statusCode());
    for (var header : documented.path("headers").properties()) {
      var value = answer.header(header.getKey());
      assertThat(value).as(header.getKey()).isNotNull();
      var schema = OpenApi.resolved(header.getValue()).path("schema");
      assertThat(OpenApi.errors(schema, JSON.valueToTree(value))).isEmpty();
    }
    if (documented.has("content")) {
      var mediaType = answer.contentType().replaceFirst(" *;.*", "");
      var content = documented.path("content").path(mediaType);
      assertThat(content.isMissingNode()).as(mediaType).isFalse();
      var body = JSON.readTree(answer.asString());
      assertThat(OpenApi.errors(content.path("schema"), body)).isEmpty();
      // A schema allows unnamed members, but a document should name all members.
      assertThat(names(content)).containsAll(body::fieldNames);
    } else {
      assertThat(answer.asString()).isEmpty();
    }
  }

  private static List<String> names(JsonNode content) {
    return OpenApi.resolved(content.path("schema")).findValues("properties").stream()
        .flatMap(properties -> properties.properties().stream().map(Map.Entry::getKey))
        .toList();
  }
}
