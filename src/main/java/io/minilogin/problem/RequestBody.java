package io.minilogin.problem;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Reads request bodies before JAX-RS does: Quarkus would answer one over the limit itself, without
 * a problem, and would read one over 10 KB on a worker thread.
 */
@Singleton
class RequestBody {
  /** Before Quarkus' own check of the same limit, at -2, and after the trace id, at -10000. */
  private static final int ORDER = -100;

  private final Handler<RoutingContext> reader;

  RequestBody(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.reader = BodyHandler.create(false).setBodyLimit(limit.asLongValue());
  }

  void register(@Observes Router router) {
    router.route().order(ORDER).handler(this::read);
  }

  private void read(RoutingContext request) {
    if (request.request().isEnded()) {
      request.next();
    } else {
      request.request().resume();
      reader.handle(request);
    }
  }
}
