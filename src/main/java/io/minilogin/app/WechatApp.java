package io.minilogin.app;

import java.util.List;

/**
 * A mini program whose users log in here.
 *
 * @param previousSecrets the app secrets before the current one, the newest first, at most {@value
 *     #MOST_PREVIOUS_SECRETS}
 */
public record WechatApp(String appid, Secret secret, List<Secret> previousSecrets) {
  static final int MOST_PREVIOUS_SECRETS = 5;
}
