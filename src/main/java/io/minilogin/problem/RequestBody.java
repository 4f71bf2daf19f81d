package io.minilogin.problem;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body over the limit with a problem, before Quarkus refuses it without one. Most say
 * their length; a chunked one is read here, to find out. (In HTTP/2 one without a length is left to
 * Quarkus.)
 */
@Singleton
class RequestBody {
  /** Before Quarkus' own check of the same limit, at -2, and after the trace id, at -10000. */
  private static final int ORDER = -100;

  private static final int TOO_LARGE = 413;

  private final long limit;
  private final Handler<RoutingContext> reader;

  RequestBody(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.limit = limit.asLongValue();
    this.reader = BodyHandler.create(false).setBodyLimit(this.limit);
  }

  void register(@Observes Router router) {
    router.route().order(ORDER).handler(this::check);
  }

  private void check(RoutingContext request) {
    var length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length) > limit) {
      if (request.request().version() != HttpVersion.HTTP_2) {
        // The body is not going to be read, so nothing can follow on this connection.
        request.response().putHeader(HttpHeaders.CONNECTION, "close");
      }
      request.fail(TOO_LARGE);
    } else if (request.request().headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      request.request().resume();
      reader.handle(request);
    } else {
      request.next();
    }
  }
}
