package io.minilogin.app;

import java.util.Optional;

/**
 * The app keys of WeChat's virtual payment.
 *
 * @param live the key for {@code env} 0
 * @param sandbox the key for {@code env} 1
 */
public record PaymentKeys(Optional<Secret> live, Optional<Secret> sandbox) {
  static final PaymentKeys NONE = new PaymentKeys(Optional.empty(), Optional.empty());
}
