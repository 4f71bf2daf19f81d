package io.minilogin.http;

import io.minilogin.check.VerifyRoute;
import io.minilogin.observe.Outcomes;
import io.minilogin.observe.RequestId;
import io.minilogin.observe.Requests;
import io.minilogin.observe.TraceId;
import io.minilogin.observe.Tracing;
import io.minilogin.problem.Problem;
import io.minilogin.relay.ApiRoute;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.AsyncResult;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Measures and traces each request by its operation and its outcome. */
@Singleton
class RequestTelemetry {
  /**
   * The key of the operation in the routing context. The access log shows it instead of the path.
   */
  private static final String OPERATION = "operation";

  private static final String OUTCOME = "outcome";

  /** The outcome if the caller hung up before the end of the response. */
  private static final String CANCELED = "canceled";

  private static final int SERVER_ERROR = 500;

  private final Requests requests;
  private final Tracing tracing;

  RequestTelemetry(Requests requests, Tracing tracing) {
    this.requests = requests;
    this.tracing = tracing;
  }

  void begin(RoutingContext request) {
    var began = System.nanoTime();
    var operation = operation(request.request().method().name(), request.request().path());
    request.put(OPERATION, operation);
    var span = tracing.request(operation, request.request().headers());
    TraceId.begin(request.request(), span);
    RequestId.begin(request.request().headers());
    request.addEndHandler(
        end -> {
          var outcome = outcome(request, end);
          requests.operation(operation).ended(outcome, began);
          if (span.isRecording()) {
            end(span, outcome, request.response().getStatusCode());
          }
        });
  }

  private static void end(Span span, String outcome, int status) {
    span.setAttribute("mini_login.outcome", outcome)
        .setAttribute("http.response.status_code", status);
    if (status >= SERVER_ERROR) {
      Tracing.fail(span, outcome);
    }
    span.end();
  }

  /** Records this problem as the outcome of the request. */
  static void endsIn(Problem problem, RoutingContext request) {
    request.put(OUTCOME, problem.type().metricName());
  }

  private static String operation(String method, String path) {
    if (VerifyRoute.isHere(path)) {
      return "verify";
    }
    return ApiRoute.isHere(path)
        ? "wechat-api"
        : Endpoints.operation(method, path).orElse(Requests.UNKNOWN);
  }

  private static String outcome(RoutingContext request, AsyncResult<Void> end) {
    return end.failed() ? CANCELED : request.get(OUTCOME, Outcomes.SUCCESS);
  }
}
