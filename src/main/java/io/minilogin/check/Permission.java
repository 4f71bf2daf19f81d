package io.minilogin.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client may do besides calls of WeChat's API, by the first part of the path that it does it
 * on.
 */
enum Permission {
  INTROSPECT,
  REVOKE,
  USERS;

  /** Of {@code /users/…}: {@link #USERS}. */
  static Optional<Permission> on(String path) {
    return of(path.split("/", 3)[1]);
  }

  static Optional<Permission> of(String word) {
    return Arrays.stream(values()).filter(each -> each.text().equals(word)).findFirst();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
