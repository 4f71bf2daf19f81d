package io.minilogin.dev;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The headers of a request. */
final class Headers {
  private Headers() {}

  /** Returns each header with all its values. Names are in lower case: HTTP ignores their case. */
  static Map<String, List<String>> of(MultiMap headers) {
    var values = new TreeMap<String, List<String>>();
    headers.forEach(
        (name, value) ->
            values
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), first -> new ArrayList<>())
                .add(value));
    return values;
  }
}
