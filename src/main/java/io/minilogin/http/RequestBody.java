package io.minilogin.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body over the limit with a problem, before Quarkus refuses it without a problem. Most
 * requests announce the length of their body. A chunked body is read here to find its length, and
 * is then handed on. This includes an empty body: RESTEasy would wait for the end of the body,
 * which has already arrived.
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
                // The request was refused. Drop the rest of its body.
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

  /**
   * Refuses the request and closes the connection: its body is not read, so no request can follow.
   */
  private static void refuse(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.fail(TOO_LARGE);
  }
}
