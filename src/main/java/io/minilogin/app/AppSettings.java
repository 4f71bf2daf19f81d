package io.minilogin.app;

import java.util.Optional;

/** The settings of one app as written. */
interface AppSettings {
  Optional<String> appid();

  Optional<String> secret();

  Optional<String> previousSecret();

  /** The app key of virtual payment, for {@code env} 0. */
  Optional<String> paymentKey();

  /** The app key of virtual payment in the sandbox, for {@code env} 1. */
  Optional<String> paymentSandboxKey();

  /** The Token of the message push. */
  Optional<String> pushToken();

  /** The EncodingAESKey of the message push. Without it events come unencrypted. */
  Optional<String> pushAesKey();

  /** The Token before the current one, which is accepted as well. */
  Optional<String> previousPushToken();

  /** The EncodingAESKey before the current one, which is accepted as well. */
  Optional<String> previousPushAesKey();
}
