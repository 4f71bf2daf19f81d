package io.minilogin.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends logins one after the other, independently of the other load. */
record Logins(Caller somebody, String run, AtomicBoolean isOver) {
  Logins(Caller somebody, String run) {
    this(somebody, run, new AtomicBoolean());
  }

  /** Returns the median and the maximum latency in milliseconds. */
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
