package io.minilogin.it.gateway;

import io.minilogin.it.gateway.EchoBackend.Echo;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names of WeChat's headers, as they are sent and as backends may read them. */
final class IdentityHeaders {
  private IdentityHeaders() {}

  /** Returns the name with each dash unchanged, as a dot and as an underscore, in several cases. */
  static List<String> spellings(String name) {
    var all = List.of("");
    for (var letter : name.split("", -1)) {
      var choices = letter.equals("-") ? List.of("-", "_", ".") : List.of(letter);
      all = all.stream().flatMap(one -> choices.stream().map(one::concat)).toList();
    }
    return all.stream().flatMap(IdentityHeaders::cases).toList();
  }

  private static Stream<String> cases(String upper) {
    var lower = upper.toLowerCase(Locale.ROOT);
    return Stream.of(upper, lower, "X" + lower.substring(1));
  }

  /** Returns every header that a backend could read as one of WeChat's headers. */
  static List<String> in(Echo echo) {
    return echo.headers().stream()
        .map(
            line -> {
              var name = line.substring(0, line.indexOf(':'));
              var folded = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
              return folded + line.substring(name.length());
            })
        .filter(line -> line.startsWith("x-wx-"))
        .toList();
  }
}
