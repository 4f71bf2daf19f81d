package io.minilogin.problem;

import java.util.Locale;

/** The action of a client after a failed call. */
public enum Action {
  /** Call {@code wx.login}, not before {@code Retry-After} if that is present, and start over. */
  LOGIN,
  /**
   * The code in the request is spent. Get a new code from its source: the user taps the phone
   * number button again.
   */
  NEW_CODE,
  /** Send the same request again after {@code Retry-After} seconds. */
  RETRY,
  /** No action of the client helps. */
  NONE;

  /** Returns the name that problems show, such as {@code new-code}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
