package io.minilogin.session;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user of an app.
 *
 * @param openid the user within the app
 */
public record UserId(String appid, String openid) {
  /**
   * By hand, for a login compares the user of each session there is: a native executable interprets
   * what a record has by itself, 28 µs each time.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserId user && appid.equals(user.appid) && openid.equals(user.openid);
  }

  @Override
  public int hashCode() {
    return Objects.hash(appid, openid);
  }

  @Override
  public String toString() {
    return "User of " + appid;
  }
}
