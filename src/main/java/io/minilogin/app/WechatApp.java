package io.minilogin.app;

import java.util.List;
import java.util.Optional;

/**
 * A mini program whose users log in here.
 *
 * @param previousSecrets the app secrets before the current one, the newest first, at most {@value
 *     #MOST_PREVIOUS_SECRETS}
 * @param push what WeChat's message push needs; empty if the app receives no events
 */
public record WechatApp(
    String appid,
    Secret secret,
    List<Secret> previousSecrets,
    PaymentKeys paymentKeys,
    Optional<PushKeys> push) {
  static final int MOST_PREVIOUS_SECRETS = 5;
}
