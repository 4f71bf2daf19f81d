package io.minilogin.it;

import java.util.UUID;

/**
 * Codes and users that no other test uses, so that tests can share a service. The words of a code
 * control the simulated WeChat.
 */
public final class Codes {
  private Codes() {}

  public static String newUser() {
    return "user-" + UUID.randomUUID();
  }

  /** Returns a new code of a new user. */
  public static String code(String... words) {
    return codeOf(newUser(), words);
  }

  /** Returns a new code of this user. */
  public static String codeOf(String user, String... words) {
    var some = words.length == 0 ? "" : String.join(".", words) + ".";
    return user + "." + some + UUID.randomUUID();
  }
}
