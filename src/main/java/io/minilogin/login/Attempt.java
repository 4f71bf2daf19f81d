package io.minilogin.login;

import io.minilogin.app.WechatApp;
import java.time.Instant;

/**
 * One go at one code.
 *
 * @param claim the number under which Redis knows it
 * @param saved until when its answer must be saved
 */
record Attempt(WechatApp app, String code, CodeHash hash, long claim, Instant saved) {

  /** The same, going on under a claim that an earlier one made. */
  Attempt under(long earlierClaim) {
    return new Attempt(app, code, hash, earlierClaim, saved);
  }

  @Override
  public String toString() {
    return "Attempt";
  }
}
