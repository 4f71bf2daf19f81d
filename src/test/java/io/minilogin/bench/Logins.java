package io.minilogin.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;

/** Logins of users who have nothing to do with what goes on meanwhile, one after the other. */
record Logins(Caller somebody, String run, AtomicBoolean isOver) {
  Logins(Caller somebody, String run) {
    this(somebody, run, new AtomicBoolean());
  }

  /** The median and the longest. */
  String measure() {
    var millis = new ArrayList<Double>();
    while (!isOver.get()) {
      long start = System.nanoTime();
      var login = somebody.login("somebody." + run + "." + start);
      if (login.isEmpty()) {
        throw new IllegalStateException("a login failed");
      }
      millis.add((System.nanoTime() - start) / 1e6);
    }
    millis.sort(Comparator.naturalOrder());
    return "%.1f to %.1f".formatted(millis.get(millis.size() / 2), millis.get(millis.size() - 1));
  }
}
