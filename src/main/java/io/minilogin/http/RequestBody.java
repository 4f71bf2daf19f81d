package io.minilogin.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body over the limit with a problem, before Quarkus refuses it without one. Most say
 * their length; a chunked one is read here, to find out. Handed on it is an empty body, too, where
 * there is nothing in it: RESTEasy would wait for its end, which has been.
 */
@Singleton
class RequestBody {
  private static final int TOO_LARGE = 413;

  private final long limit;

  RequestBody(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.limit = limit.asLongValue();
  }

  void check(RoutingContext context) {
    var request = context.request();
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length) > limit) {
      refuse(context);
    } else if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      read(context);
    } else {
      context.next();
    }
  }

  private void read(RoutingContext context) {
    var body = Buffer.buffer();
    var request = context.request();
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      context.response().writeContinue();
    }
    request
        .pause()
        .handler(
            piece -> {
              if (body.length() > limit) {
                // Refused, and what still comes is dropped.
                return;
              }
              body.appendBuffer(piece);
              if (body.length() > limit) {
                refuse(context);
              }
            })
        .endHandler(
            end -> {
              if (body.length() <= limit) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
              }
            })
        .resume();
  }

  /** Nothing can follow on this connection: the body is not going to be read. */
  private static void refuse(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.fail(TOO_LARGE);
  }
}
