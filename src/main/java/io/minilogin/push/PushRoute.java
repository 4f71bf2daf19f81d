package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.connection.UnreadBody;
import io.minilogin.connection.WholeBody;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.problem.RequiredField;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * {@code /push/{appid}}: the URL that WeChat calls with the events of an app. This is a route in
 * front of the resources, because events may be larger than the bodies of other requests.
 */
@Singleton
public class PushRoute {
  private static final Pattern PATH = Pattern.compile("/push/([^/]+)/?");

  /** Size limit of a request's body, in bytes. */
  private static final int LARGEST = 64 * 1024;

  private static final String ALLOWED = "GET, HEAD, POST, OPTIONS";

  private final WechatApps apps;
  private final EventReader reader;
  private final EventDelivery delivery;
  private final PushTelemetry telemetry;
  private final Clock clock;

  PushRoute(
      WechatApps apps,
      EventReader reader,
      EventDelivery delivery,
      PushTelemetry telemetry,
      Clock clock) {
    this.apps = apps;
    this.reader = reader;
    this.delivery = delivery;
    this.telemetry = telemetry;
    this.clock = clock;
  }

  /** Whether this route handles the path. */
  public static boolean isHere(String path) {
    return PATH.matcher(path).matches();
  }

  /** Handles requests of this path and passes all others to the next route. */
  public void handle(RoutingContext context) {
    var request = context.request();
    if (!isHere(request.path())) {
      context.next();
      return;
    }
    var arrived = clock.instant();
    Uni.createFrom()
        .deferred(() -> answer(request, arrived))
        .subscribe()
        .with(reply -> end(request, reply), failure -> fail(context, failure));
  }

  private Uni<PushReply> answer(HttpServerRequest request, Instant arrived) {
    var app = app(request.path());
    return switch (request.method().name()) {
      case "GET", "HEAD" -> Uni.createFrom().item(echo(app, query(request)));
      case "POST" -> {
        var query = query(request);
        yield WholeBody.read(request, LARGEST)
            .onFailure(ProblemException.class)
            .invoke(failure -> telemetry.refused(app.appid(), failure))
            .flatMap(body -> receive(app, query, body, arrived));
      }
      case "OPTIONS" -> {
        request.response().putHeader(HttpHeaders.ALLOW, ALLOWED);
        yield Uni.createFrom().item(PushReply.plain(new byte[0]));
      }
      default -> {
        request.response().putHeader(HttpHeaders.ALLOW, ALLOWED);
        throw problem(ProblemType.METHOD_NOT_ALLOWED, "Allowed here: " + ALLOWED + ".");
      }
    };
  }

  private WechatApp app(String path) {
    var matcher = PATH.matcher(path);
    return apps.find(matcher.matches() ? matcher.group(1) : "")
        .filter(app -> app.push().isPresent())
        .orElseThrow(
            () ->
                problem(ProblemType.NOT_FOUND, "The app has no push-token, or is not configured."));
  }

  private PushReply echo(WechatApp app, PushQuery query) {
    var text = reader.echo(app.push().orElseThrow(), query);
    return new PushReply(PushReply.TEXT, text.getBytes(UTF_8));
  }

  private Uni<PushReply> receive(WechatApp app, PushQuery query, Buffer body, Instant arrived) {
    var event = read(app, query, body);
    return delivery
        .deliver(event, arrived)
        .invoke(delivered -> telemetry.acknowledged(event, delivered.outcome()))
        .onFailure()
        .invoke(failure -> telemetry.notTaken(event, failure))
        .map(delivered -> event.reply(delivered.answer()));
  }

  private PushEvent read(WechatApp app, PushQuery query, Buffer body) {
    try {
      return reader.read(app.appid(), app.push().orElseThrow(), query, body.getBytes());
    } catch (ProblemException e) {
      telemetry.refused(app.appid(), e);
      throw e;
    }
  }

  private static PushQuery query(HttpServerRequest request) {
    try {
      return PushQuery.of(request.params());
    } catch (IllegalArgumentException e) {
      throw RequiredField.invalid("The query has a malformed escape.");
    }
  }

  private static void end(HttpServerRequest request, PushReply reply) {
    HttpServerResponse response = request.response();
    if (!response.closed()) {
      UnreadBody.dismiss(request);
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType())
          .end(Buffer.buffer(reply.body()));
    }
  }

  private static void fail(RoutingContext context, Throwable failure) {
    if (!context.response().closed()) {
      UnreadBody.dismiss(context.request());
      context.fail(failure);
    }
  }

  private static ProblemException problem(ProblemType type, String detail) {
    return new ProblemException(Problem.of(type, detail));
  }
}
