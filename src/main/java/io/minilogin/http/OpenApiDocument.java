package io.minilogin.http;

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
 * Serves the OpenAPI document on the management port. Quarkus' extension would parse and write it
 * at every start, for nearly half of the time of a start; in development it is there, for Swagger
 * UI.
 */
@Singleton
class OpenApiDocument {
  private static final String RESOURCE = "META-INF/openapi.yaml";

  /** Reads a file, so it does not run on an event loop. */
  void register(@Observes ManagementInterface management) {
    management.router().get("/q/openapi").blockingHandler(OpenApiDocument::answer);
  }

  private static void answer(RoutingContext request) {
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
        .end(Buffer.buffer(yaml()));
  }

  private static byte[] yaml() {
    try (var file = OpenApiDocument.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      return Objects.requireNonNull(file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
