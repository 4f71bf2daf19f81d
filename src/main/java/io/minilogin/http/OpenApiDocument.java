package io.minilogin.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The OpenAPI document as it stands, on the management port. Quarkus' extension would parse and
 * write it anew at every start, for nearly half of all that a start does; in development it is
 * there, for Swagger UI.
 */
@Singleton
class OpenApiDocument {
  private static final String RESOURCE = "META-INF/openapi.yaml";

  /** Reads a file and may parse it: not on an event loop. */
  void register(@Observes ManagementInterface management) {
    management.router().get("/q/openapi").blockingHandler(OpenApiDocument::answer);
  }

  private static void answer(RoutingContext request) {
    var isJson = "json".equalsIgnoreCase(request.request().getParam("format"));
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, isJson ? "application/json" : "application/yaml")
        .end(Buffer.buffer(isJson ? json(yaml()) : yaml()));
  }

  private static byte[] yaml() {
    try (var file = OpenApiDocument.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      return Objects.requireNonNull(file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] json(byte[] yaml) {
    try {
      return new JsonMapper().writeValueAsBytes(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
