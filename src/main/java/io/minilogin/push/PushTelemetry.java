package io.minilogin.push;

import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.ProblemException;
import io.minilogin.push.BackendCalls.NotTakenException;
import io.minilogin.push.EventDelivery.Outcome;
import io.minilogin.push.PushRoutes.Route;
import io.minilogin.push.Rejection.RejectedException;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Counts events by app, name and outcome, and logs events that no backend took, each kind once a
 * minute. Names of events are those that WeChat documents and those in routes; any other name is
 * {@value #OTHER}.
 */
@Singleton
class PushTelemetry {
  private static final String EVENTS = "mini_login.push.events";

  /** The name of an event that could not be read. */
  private static final String UNKNOWN = "unknown";

  private static final String OTHER = "other";

  private static final Set<String> DOCUMENTED =
      Set.of(
          "user_authorization_revoke",
          PushEvent.CANCELLATION,
          "user_info_modified",
          "xpay_goods_deliver_notify",
          "xpay_coin_pay_notify",
          "xpay_refund_notify",
          "xpay_complaint_notify",
          "minigame_deliver_goods",
          "wxa_media_check",
          "subscribe_msg_popup_event",
          "subscribe_msg_change_event",
          "subscribe_msg_sent_event",
          "trade_manage_remind_access_api",
          "trade_manage_remind_shipping",
          "trade_manage_order_settlement",
          "weapp_audit_success",
          "weapp_audit_fail",
          "weapp_audit_delay",
          "wxa_privacy_apply",
          "user_enter_tempsession",
          "text",
          "image",
          "miniprogrampage");

  private final Outcomes outcomes;
  private final Incidents incidents;
  private final Set<String> names = new HashSet<>(DOCUMENTED);

  PushTelemetry(Outcomes outcomes, Incidents incidents, PushRoutes routes) {
    this.outcomes = outcomes;
    this.incidents = incidents;
    routes.all().stream().map(Route::events).flatMap(List::stream).forEach(names::add);
  }

  void acknowledged(PushEvent event, Outcome outcome) {
    count(event.appid(), label(event), outcome.name().toLowerCase(Locale.ROOT));
    if (outcome == Outcome.UNROUTED) {
      incidents.tell(
          "An event was acknowledged and dropped: no route takes it",
          Fields.none().and("app", event.appid()).and("event", label(event)));
    }
  }

  /** Reports an event that was verified and is not acknowledged. */
  void notTaken(PushEvent event, Throwable failure) {
    count(event.appid(), label(event), Outcomes.of(failure));
    var fields = fields(failure).and("app", event.appid()).and("event", label(event));
    if (failure instanceof NotTakenException ofBackend) {
      fields.and("route", ofBackend.route().name()).and("reason", ofBackend.reason());
    }
    incidents.tell("An event was not delivered: WeChat repeats it a few times only", fields);
  }

  /** Reports a request that was rejected or could not be read. */
  void refused(String appid, Throwable failure) {
    if (failure instanceof RejectedException rejected) {
      count(appid, UNKNOWN, rejected.why().metricName());
      incidents.tell(
          "An event was rejected: " + rejected.getMessage(), fields(failure).and("app", appid));
    } else {
      count(appid, UNKNOWN, Outcomes.of(failure));
      incidents.tell("An event could not be read", fields(failure).and("app", appid));
    }
  }

  private void count(String appid, String event, String outcome) {
    outcomes.counter(outcome, EVENTS, "app", appid, "event", event).increment();
  }

  private String label(PushEvent event) {
    return names.contains(event.name()) ? event.name() : OTHER;
  }

  private static Fields fields(Throwable failure) {
    return Fields.of(ProblemException.typeOf(failure));
  }
}
