package io.minilogin.dev;

import java.util.HashMap;
import java.util.Map;

/** What becomes of the requests for a path, other than the usual answer. Thread-safe. */
final class Provocations {
  /**
   * @param left for how many requests more
   */
  private record Provocation(SimulatedCode words, long left) {
    private Provocation once() {
      return new Provocation(words, left - 1);
    }
  }

  private final Map<String, Provocation> provoked = new HashMap<>();

  /**
   * @param words with {@code count=n} they are for the next n requests; empty for the usual answer
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

  /** The words for a request that has just come. */
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
