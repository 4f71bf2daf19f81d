package io.minilogin.relay;

import io.minilogin.clients.ApiPattern;
import io.minilogin.observe.Fields;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.ProblemException;
import io.minilogin.wechat.Errcode;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.minilogin.wechat.WechatRelay;
import io.minilogin.wechat.WechatTelemetry;
import io.vertx.core.http.HttpClosedException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/**
 * Records each call of a backend with a structured log line and a timer. Both name the client, the
 * app and the pattern that allowed the call. If no pattern allowed the call, the log line contains
 * the first two segments of the path. Neither contains the whole path, a query or a body. Errors
 * that need an operator are logged once a minute.
 */
@Singleton
class ApiJournal {
  private static final Logger LOG = Logger.getLogger(ApiJournal.class);

  private static final String NONE = "none";

  private final Outcomes outcomes;
  private final WechatTelemetry telemetry;

  ApiJournal(Outcomes outcomes, WechatTelemetry telemetry) {
    this.outcomes = outcomes;
    this.telemetry = telemetry;
  }

  Entry begin(ApiCaller caller, ApiTarget target) {
    return new Entry(caller, target);
  }

  /** A call in progress. */
  final class Entry {
    private final ApiCaller caller;
    private final ApiTarget target;
    private final long began = System.nanoTime();
    private String pattern = NONE;

    private Entry(ApiCaller caller, ApiTarget target) {
      this.caller = caller;
      this.target = target;
    }

    void isAllowed(ApiPattern by) {
      pattern = by.text();
    }

    void isAnswered(ApiReply reply) {
      reply
          .error()
          .filter(error -> Errcode.of(error).concernsApp())
          .ifPresent(error -> telemetry.refused(caller.app().appid(), WechatRelay.CALLS, error));
      note(
          reply.error().isEmpty() ? Outcomes.SUCCESS : "refused",
          String.valueOf(reply.exchange().reply().statusCode()),
          reply.error());
    }

    void hasFailed(Throwable failure) {
      var isCanceled = failure instanceof HttpClosedException;
      var type = ProblemException.typeOf(failure);
      note(
          isCanceled ? "canceled" : type.metricName(),
          isCanceled ? NONE : String.valueOf(type.status()),
          Optional.empty());
    }

    private void note(String outcome, String status, Optional<Refused<ApiReply>> error) {
      var time = Duration.ofNanos(System.nanoTime() - began);
      outcomes
          .timer(
              outcome,
              "mini_login.api.calls",
              "client",
              caller.client().id(),
              "app",
              caller.app().appid(),
              "path",
              pattern,
              "errcode",
              errcodeKind(outcome, error))
          .record(time);
      Fields.none()
          .and("client", caller.client().id())
          .and("app", caller.app().appid())
          .and(
              "path",
              pattern.equals(NONE)
                  ? target.path().map(ApiPath::firstSegments).orElse(NONE)
                  : pattern)
          .and("outcome", outcome)
          .and("status", status)
          .and("errcode", error.map(Refused::errcode).orElse(OptionalInt.empty()))
          .and("rid", error.flatMap(Refused::rid))
          .and("time_ms", String.valueOf(time.toMillis()))
          .with(() -> LOG.info("Call of WeChat's API"));
    }
  }

  /** Returns a label of low cardinality. */
  private static String errcodeKind(String outcome, Optional<Refused<ApiReply>> error) {
    return error
        .map(it -> Errcode.of(it).kind())
        .orElse(outcome.equals(Outcomes.SUCCESS) ? "ok" : NONE);
  }
}
