package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An app secret can be replaced without ending sessions, if the previous secret is configured. */
@Tag("long")
class SecretRotationIT {
  private static final App ROTATED = new App(APP.appid(), "07a7ed5ec2e70f07e00ea11ec2e70f07");

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final WechatSimulator wechatAfterwards =
      started.add(WechatSimulator.start(ROTATED));
  private static final List<ServiceProcess> services =
      started.addAll(
          surroundings.service(),
          rotated().with("WECHAT_PREVIOUS_SECRET", APP.secret()).with("WECHAT_SEAL_DELAY", "0S"),
          rotated());
  private static final ServiceProcess before = services.get(0);
  private static final ServiceProcess bridging = services.get(1);
  private static final ServiceProcess after = services.get(2);

  private static ServiceProcess.Builder rotated() {
    return surroundings
        .service()
        .with("WECHAT_SECRET", ROTATED.secret())
        .with("WECHAT_BASE_URL", wechatAfterwards.uri().toString());
  }

  @Test
  void oldSessionsWorkWithThePreviousSecret() {
    var token = before.client().tokenFor(code());
    bridging.client().session(token).then().statusCode(200);
  }

  @Test
  void oldTokensAreInvalidWithoutThePreviousSecret() {
    var token = before.client().tokenFor(code());
    after.client().session(token).then().spec(tokenInvalid());
  }

  @Test
  void oneUseWithBothSecretsMigratesASession() {
    var user = newUser();
    var token = before.client().tokenFor(codeOf(user));
    bridging.client().session(token).then().statusCode(200);
    after.client().session(token).then().statusCode(200);
    // The session list of the user was migrated, too.
    var newer = after.client().tokenFor(codeOf(user));
    after.client().logoutEverywhere(newer).then().statusCode(204);
    after.client().session(token).then().spec(tokenInvalid());
  }
}
