package io.minilogin.clients;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A permission of a client besides calls of WeChat's API: one word in its {@code may}. */
public enum Permission {
  INTROSPECT,
  REVOKE,
  USERS,
  /** Signs data with a user's session key. It spends a user's coins, so it is never a default. */
  SIGN;

  /** Returns the permissions of a client without {@code may}. */
  static Set<Permission> defaults() {
    return EnumSet.complementOf(EnumSet.of(SIGN));
  }

  static Optional<Permission> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
