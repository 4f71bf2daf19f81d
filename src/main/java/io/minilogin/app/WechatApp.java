package io.minilogin.app;

import java.util.Optional;

/**
 * A mini program whose users log in here.
 *
 * @param previousSecret the app secret before the last rotation, while values sealed under it may
 *     exist
 */
public record WechatApp(String appid, Secret secret, Optional<Secret> previousSecret) {}
