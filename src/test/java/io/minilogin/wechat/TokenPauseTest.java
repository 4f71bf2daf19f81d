package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.WechatApp;
import io.minilogin.async.SettableClock;
import io.minilogin.wechat.WechatOutcome.Refused;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TokenPauseTest {
  private static final Refused<IssuedAccessToken> REFUSED = Refused.of(Refusal.APP_MISCONFIGURED);

  private final SettableClock clock = new SettableClock();
  private final TokenPause pause = new TokenPause(clock);
  private final WechatApp app = app("wx1", "a-secret");

  @Test
  void refusalThatNeedsAnOperatorPausesFor30Seconds() {
    assertThat(pause.refusal(app)).isEmpty();
    pause.note(app, REFUSED);
    clock.advance(Duration.ofSeconds(29));
    assertThat(pause.refusal(app)).contains(REFUSED);
    clock.advance(Duration.ofSeconds(1));
    assertThat(pause.refusal(app)).isEmpty();
  }

  @Test
  void newSecretEndsThePause() {
    pause.note(app, REFUSED);
    assertThat(pause.refusal(app("wx1", "another-secret"))).isEmpty();
  }

  @Test
  void refusalDoesNotPauseOtherApps() {
    pause.note(app, REFUSED);
    assertThat(pause.refusal(app("wx2", "a-secret"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "APP_MISCONFIGURED")
  void temporaryRefusalCausesNoPause(Refusal refusal) {
    pause.note(app, Refused.of(refusal));
    assertThat(pause.refusal(app)).isEmpty();
  }

  private static WechatApp app(String appid, String secret) {
    return ConfiguredApps.app(appid, secret);
  }
}
