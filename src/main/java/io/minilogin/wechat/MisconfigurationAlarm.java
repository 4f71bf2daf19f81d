package io.minilogin.wechat;

import io.minilogin.app.WechatApp;
import io.minilogin.async.Throttle;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Tells the operator that WeChat rejects an app's configuration: an error line, once a minute and
 * app.
 */
@Singleton
class MisconfigurationAlarm {
  private static final Logger LOG = Logger.getLogger(MisconfigurationAlarm.class);

  private final Throttle onceAMinute;

  MisconfigurationAlarm(Clock clock) {
    this.onceAMinute = new Throttle(Duration.ofMinutes(1), clock);
  }

  void raise(WechatApp app, WechatOutcome.Refused<?> refused) {
    onceAMinute.run(
        app.appid(),
        () ->
            LOG.errorf(
                "WeChat rejects the configuration of app %s with errcode %d (rid %s):"
                    + " check its appid, its secret and WeChat's list of allowed addresses",
                app.appid(), refused.errcode().orElse(0), refused.rid().orElse("unknown")));
  }
}
