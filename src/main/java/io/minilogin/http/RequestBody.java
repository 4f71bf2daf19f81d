package io.minilogin.http;

import io.minilogin.clients.Clients;
import io.minilogin.connection.WholeBody;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.relay.KeptBodies;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body over the limit with a problem, before Quarkus refuses it without a problem. Most
 * requests announce the length of their body. A chunked body is read here to find its length, and
 * is then handed on. This includes an empty body: RESTEasy would wait for the end of the body,
 * which has already arrived.
 *
 * <p>Clients may send larger bodies to some endpoints. These bodies are read here as well, after
 * the client was authenticated and within the memory that backends' bodies share.
 */
@Singleton
class RequestBody {
  private static final int TOO_LARGE = 413;

  private final int limit;
  private final Clients clients;
  private final KeptBodies memory;

  RequestBody(
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit,
      Clients clients,
      KeptBodies memory) {
    this.limit = Math.toIntExact(limit.asLongValue());
    this.clients = clients;
    this.memory = memory;
  }

  void check(RoutingContext context) {
    var request = context.request();
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    var announced = length == null ? 0 : Long.parseLong(length);
    var isChunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    if (announced <= limit && !isChunked) {
      context.next();
      return;
    }
    var ofClients = Endpoints.largestOfClients(request.path());
    if (announced > Math.max(limit, ofClients)) {
      refuse(context);
    } else if (ofClients > limit && isFromClient(request)) {
      readLarge(context, isChunked ? ofClients : (int) announced);
    } else if (announced > limit) {
      fail(context, Clients.UNAUTHORIZED);
    } else {
      read(context, limit);
    }
  }

  private void readLarge(RoutingContext context, int largest) {
    if (!memory.take(largest)) {
      fail(context, KeptBodies.NO_ROOM);
      return;
    }
    context.addEndHandler(end -> memory.giveBack(largest));
    // Quarkus would compare the header with the usual limit.
    context.request().headers().remove(HttpHeaders.CONTENT_LENGTH);
    read(context, largest);
  }

  private boolean isFromClient(HttpServerRequest request) {
    var headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    return headers.size() == 1 && clients.byBasic(headers).isPresent();
  }

  private static void read(RoutingContext context, int largest) {
    WholeBody.read(context.request(), largest)
        .subscribe()
        .with(
            body -> {
              ((RoutingContextInternal) context).setBody(body);
              context.next();
            },
            failure -> {
              if (!context.response().closed()) {
                refuse(context);
              }
            });
  }

  /**
   * Refuses the request and closes the connection: its body is not read, so no request can follow.
   */
  private static void refuse(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.fail(TOO_LARGE);
  }

  private static void fail(RoutingContext context, Problem problem) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.fail(new ProblemException(problem));
  }
}
