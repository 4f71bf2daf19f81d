package io.minilogin.wechat;

import io.minilogin.observe.ConnectionFailure;
import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.observe.Tracing;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** Reports calls to WeChat to operators: failures in the log, and spans. */
@Singleton
public class WechatTelemetry {
  private final Incidents incidents;
  private final Tracing tracing;

  WechatTelemetry(Incidents incidents, Tracing tracing) {
    this.incidents = incidents;
    this.tracing = tracing;
  }

  /** Traces a call for this app, with its outcome, as part of the current request. */
  <T> Uni<T> traced(String appid, String call, Uni<T> made, Function<T, String> outcome) {
    return tracing.isOn() ? tracing.traced(call, "wechat", appid, span -> made, outcome) : made;
  }

  /**
   * Logs a call for this app that WeChat refused, unless the reason is the caller's code or user.
   * Unknown errcodes are always logged.
   */
  public void refused(String appid, String call, Refused<?> refused) {
    var errcode = Errcode.of(refused);
    if (!refused.refusal().isUsual() || errcode.isUnknown()) {
      incidents.tell(
          errcode.advice(),
          fields(appid, call, refused.refusal()).and("errcode", refused.errcode()),
          Fields.none().and("rid", refused.rid()));
    }
  }

  /** Logs that WeChat returned the old access token although a new token was requested. */
  public void gaveNoOtherToken(String appid) {
    refused(appid, WechatCalls.STABLE_TOKEN, Refused.of(Refusal.NO_OTHER_TOKEN));
  }

  /** Logs a call for this app that was not sent or not answered, and returns the reason. */
  public Refusal failed(String appid, String call, Throwable failure) {
    var refusal = WechatFailure.refusal(failure);
    incidents.tell(
        refusal == Refusal.UNREACHABLE
            ? "WeChat could not be reached: "
                + ConnectionFailure.reason(failure).orElse("no connection")
            : refusal.problem().detail(),
        fields(appid, call, refusal));
    return refusal;
  }

  private static Fields fields(String appid, String call, Refusal refusal) {
    return Fields.of(refusal.problem().type()).and("app", appid).and("call", call);
  }
}
