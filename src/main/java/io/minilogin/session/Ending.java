package io.minilogin.session;

import java.util.Locale;

/** Why a session was ended, other than by its time. */
enum Ending {
  LOGOUT,
  LOGOUT_EVERYWHERE,
  /** By a client, with its token. */
  REVOKED,
  /** By a client, with all others of the user. */
  THROWN_OUT,
  /** The user has logged in too often since. */
  REPLACED;

  /** The metrics' name of it. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
