package io.minilogin.api;

import io.minilogin.app.WechatApp;
import io.minilogin.check.ApiPattern;
import io.minilogin.check.Client;
import io.minilogin.metrics.Outcomes;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.minilogin.wechat.WechatRelay;
import io.minilogin.wechat.WechatWatch;
import io.vertx.core.http.HttpClosedException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Tells of each call: a line in the log and a timer, by client, app and the pattern that allowed
 * it. Never of a path as it came, a query or a body. Operators are told once a minute of what they
 * must see to.
 */
@Singleton
class ApiJournal {
  private static final Logger LOG = Logger.getLogger(ApiJournal.class);

  /** Quota used up, address not on the list, secret frozen. */
  private static final Set<Integer> FOR_OPERATORS = Set.of(45009, 40164, 40243);

  private static final String NONE = "none";

  private final Outcomes outcomes;
  private final WechatWatch watch;

  ApiJournal(Outcomes outcomes, WechatWatch watch) {
    this.outcomes = outcomes;
    this.watch = watch;
  }

  Entry begin(Client client, WechatApp app) {
    return new Entry(client, app);
  }

  /** A call under way. */
  final class Entry {
    private final Client client;
    private final WechatApp app;
    private final long began = System.nanoTime();
    private String pattern = NONE;

    private Entry(Client client, WechatApp app) {
      this.client = client;
      this.app = app;
    }

    void isAllowed(ApiPattern by) {
      pattern = by.text();
    }

    void isAnswered(ApiReply reply) {
      reply
          .error()
          .filter(error -> FOR_OPERATORS.contains(error.errcode().orElse(0)))
          .ifPresent(error -> watch.refused(app.appid(), WechatRelay.CALLS, error));
      note(
          reply.error().isEmpty() ? Outcomes.SUCCESS : "refused",
          String.valueOf(reply.exchange().reply().statusCode()),
          reply.error());
    }

    void hasFailed(Throwable failure) {
      var isCanceled = failure instanceof HttpClosedException;
      var type =
          failure instanceof ProblemException known ? known.problem().type() : ProblemType.INTERNAL;
      note(
          isCanceled ? "canceled" : type.text(),
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
              client.id(),
              "app",
              app.appid(),
              "path",
              pattern,
              "errcode",
              errcodeClass(outcome, error))
          .record(time);
      LOG.infof(
          "Call of WeChat's API: client=%s app=%s path=%s outcome=%s status=%s errcode=%s rid=%s"
              + " time=%dms",
          client.id(),
          app.appid(),
          pattern,
          outcome,
          status,
          text(error.map(Refused::errcode).orElse(OptionalInt.empty())),
          error.flatMap(Refused::rid).orElse(NONE),
          time.toMillis());
    }
  }

  private static String text(OptionalInt errcode) {
    return errcode.isPresent() ? String.valueOf(errcode.getAsInt()) : NONE;
  }

  /** Few, for a metric. */
  private static String errcodeClass(String outcome, Optional<Refused<ApiReply>> error) {
    return error
        .map(
            it ->
                switch (it.refusal()) {
                  case BUSY -> "busy";
                  case TOKEN_REJECTED -> "token";
                  case MINUTE_QUOTA, DAY_QUOTA -> "quota";
                  case APP_MISCONFIGURED -> "configuration";
                  default -> "other";
                })
        .orElse(outcome.equals(Outcomes.SUCCESS) ? "ok" : NONE);
  }
}
