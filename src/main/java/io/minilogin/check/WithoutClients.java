package io.minilogin.check;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.stream.Stream;

/**
 * Without clients there are no endpoints for clients, whatever the method. (JAX-RS would say which
 * methods they have, and Quarkus' own way to disable a resource reads the configuration at the
 * build of a native executable.)
 */
@Singleton
class WithoutClients {
  /** After the trace id, at -10000, and before anything reads a body. */
  private static final int ORDER = -1000;

  private final Clients clients;

  WithoutClients(Clients clients) {
    this.clients = clients;
  }

  void register(@Observes Router router) {
    if (clients.areNone()) {
      Stream.of("/introspect*", "/revoke*", "/users*")
          .forEach(path -> router.route(path).order(ORDER).handler(request -> request.fail(404)));
    }
  }
}
