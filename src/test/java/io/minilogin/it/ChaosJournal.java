package io.minilogin.it;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Events with their counts, and broken promises. */
final class ChaosJournal {
  private final Stopwatch watch = Stopwatch.start();
  private final Queue<String> events = new ConcurrentLinkedQueue<>();
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  void count(String what) {
    counts.computeIfAbsent(what, first -> new LongAdder()).increment();
  }

  void event(String what) {
    events.add(at(what));
  }

  /** Records a broken promise. */
  void broken(String what) {
    broken.add(at(what));
  }

  Queue<String> broken() {
    return broken;
  }

  /** Returns events and broken promises in their order of time. */
  String story() {
    return Stream.concat(events.stream(), broken.stream().map(line -> line + " <- broken"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  String figures() {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(count -> "%-48s %,8d".formatted(count.getKey(), count.getValue().sum()))
        .collect(Collectors.joining("\n"));
  }

  private String at(String what) {
    return "%7.1f s  %s".formatted(watch.elapsed().toMillis() / 1e3, what);
  }
}
