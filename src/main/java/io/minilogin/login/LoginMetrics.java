package io.minilogin.login;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.minilogin.app.WechatApp;
import io.minilogin.wechat.ExchangeOutcome;
import io.minilogin.wechat.RefusedCall;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Counts logins by app and outcome ({@code success} or the problem's name) and times the exchanges
 * at WeChat. The labels take few values: an app that isn't configured counts as {@code unknown}.
 */
@Singleton
class LoginMetrics {
  static final String UNKNOWN_APP = "unknown";

  private static final String SUCCESS = "success";

  private final MeterRegistry registry;

  LoginMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void succeeded(String appid) {
    count(appid, SUCCESS);
  }

  void failed(String appid, String problem) {
    count(appid, problem);
  }

  Uni<ExchangeOutcome> timed(WechatApp app, Uni<ExchangeOutcome> exchange) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var start = Timer.start(registry);
              return exchange.invoke(outcome -> start.stop(timer(app, outcome)));
            });
  }

  private Timer timer(WechatApp app, ExchangeOutcome outcome) {
    var name = outcome instanceof RefusedCall refused ? refused.problem().type().text() : SUCCESS;
    return registry.timer("mini_login.exchange", "app", app.appid(), "outcome", name);
  }

  private void count(String appid, String outcome) {
    registry.counter("mini_login.logins", "app", appid, "outcome", outcome).increment();
  }
}
