package io.minilogin.rotation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of the rotation, before they are checked. */
@ConfigMapping(prefix = "wechat")
interface RotationSettings {
  /** The time for which the previous secret still seals, 0 to 1 day. */
  @WithDefault("10M")
  Duration sealDelay();
}
