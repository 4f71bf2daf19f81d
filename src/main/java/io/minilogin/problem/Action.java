package io.minilogin.problem;

import java.util.Locale;

/** What a client should do after a failed call. */
public enum Action {
  /** Call {@code wx.login}, not before {@code Retry-After} where there is one, and start over. */
  LOGIN,
  /**
   * What the request carried is spent: get another where it came from. The user taps the phone
   * number button again.
   */
  NEW_CODE,
  /** Send the same request again after {@code Retry-After} seconds. */
  RETRY,
  /** Nothing a client can do helps. */
  NONE;

  /** As problems show it, such as {@code new-code}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
