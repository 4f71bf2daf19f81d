package io.minilogin.dev;

import java.util.HashMap;
import java.util.Map;

/** Overrides the usual answer to requests for a path. Thread-safe. */
final class Provocations {
  /**
   * @param left the number of further requests that get this answer
   */
  private record Provocation(SimulatedCode words, long left) {
    private Provocation once() {
      return new Provocation(words, left - 1);
    }
  }

  private final Map<String, Provocation> provoked = new HashMap<>();

  /**
   * @param words apply to the next n requests if they contain {@code count=n}, else to all; empty
   *     for the usual answer
   */
  synchronized void set(String path, String words) {
    var parsed = SimulatedCode.ofWords(words);
    var count = parsed.number("count").orElse(Long.MAX_VALUE);
    if (words.isEmpty() || count <= 0) {
      provoked.remove(path);
    } else {
      provoked.put(path, new Provocation(parsed, count));
    }
  }

  /** Returns the words for a new request, and counts it. */
  synchronized SimulatedCode next(String path) {
    var provocation = provoked.get(path);
    if (provocation == null) {
      return SimulatedCode.SILENT;
    }
    if (provocation.left() == 1) {
      provoked.remove(path);
    } else {
      provoked.put(path, provocation.once());
    }
    return provocation.words();
  }
}
