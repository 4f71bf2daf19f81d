package io.minilogin.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A permission of a client besides calls of WeChat's API: one word in its {@code may}. */
enum Permission {
  INTROSPECT,
  REVOKE,
  USERS;

  static Optional<Permission> of(String word) {
    return Arrays.stream(values()).filter(each -> each.text().equals(word)).findFirst();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
