package io.minilogin.clients;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A permission of a client besides calls of WeChat's API: one word in its {@code may}. */
public enum Permission {
  INTROSPECT,
  REVOKE,
  USERS;

  static Optional<Permission> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
