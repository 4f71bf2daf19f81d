package io.minilogin.session;

import java.util.Locale;

/** The reason why a session was ended before it expired. */
public enum Ending {
  LOGOUT,
  LOGOUT_EVERYWHERE,
  /** A client revoked the session's token. */
  REVOKED,
  /** A client ended all sessions of the user. */
  THROWN_OUT,
  /** A client blocked the user. */
  BLOCKED,
  /** The data of the user were deleted. */
  FORGOTTEN,
  /** Newer logins of the user exceeded the session limit. */
  REPLACED;

  /** Returns the name of the reason in metrics. */
  String metricName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
