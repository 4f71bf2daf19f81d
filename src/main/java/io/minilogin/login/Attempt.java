package io.minilogin.login;

import io.minilogin.app.WechatApp;
import java.time.Instant;

/**
 * One attempt to exchange one code.
 *
 * @param claim the number that identifies the attempt in Redis
 * @param saved the deadline for saving the answer
 */
record Attempt(WechatApp app, String code, CodeHash hash, long claim, Instant saved) {

  /** Returns this attempt with the claim of an earlier attempt. */
  Attempt under(long earlierClaim) {
    return new Attempt(app, code, hash, earlierClaim, saved);
  }

  @Override
  public String toString() {
    return "Attempt";
  }
}
