package io.minilogin.session;

import io.minilogin.seal.Sha256;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user of an app.
 *
 * @param openid the user within the app
 */
public record UserId(String appid, String openid) {
  /**
   * Names the user in Redis: the SHA-256 of appid, a zero byte and openid, 43 characters of
   * base64url. Who knows an openid can compute it.
   */
  String hash() {
    return Sha256.base64Url(appid + '\0' + openid);
  }

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
