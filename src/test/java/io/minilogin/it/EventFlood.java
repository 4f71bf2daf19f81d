package io.minilogin.it;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;

import io.minilogin.Stopped;
import io.minilogin.dev.PushSender.Push;
import io.minilogin.it.EventBackend.Delivery;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Sends many events to two instances, which are killed in turn, while Redis stops and restarts.
 * Each event is repeated, at either instance, until it is acknowledged. Some events fail once at
 * the backend.
 */
final class EventFlood {
  /** 10,000 in the nightly build, which sets ten minutes. */
  private static final int EVENTS = 1000 * Integer.getInteger("chaos.minutes", 1);

  private static final int MOST_ATTEMPTS = 15;
  private static final int CONCURRENT = 16;

  /** Each event of this number fails at the backend first. */
  private static final int FAILING = 50;

  private static final int PAUSE_MILLIS = 1500;
  private static final int REPEAT_MILLIS = 400;
  private static final Duration TIME = Duration.ofMinutes(2);

  /** The time around a failure in which it may have prevented the storage of an answer. */
  private static final Duration AROUND = Duration.ofSeconds(1);

  /** WeChat's own timeout. */
  private static final Duration LATEST = Duration.ofSeconds(5);

  private record Fault(String what, Instant begin, Instant end) {}

  /** The end of a request: its status, or the failure of its connection. */
  private record Attempt(String result, Instant end) {}

  private record Event(String id, Push push, boolean fails, Queue<Attempt> attempts) {}

  private final EventSender sender;
  private final EventBackend backend;
  private final List<ChaosInstance> instances;
  private final Surroundings surroundings;
  private final Semaphore free = new Semaphore(CONCURRENT);
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();
  private final Queue<Event> acknowledged = new ConcurrentLinkedQueue<>();
  private final List<Fault> faults = new ArrayList<>();
  private final Stopwatch watch = Stopwatch.start();
  private Duration time = Duration.ZERO;

  EventFlood(
      EventSender sender,
      EventBackend backend,
      List<ChaosInstance> instances,
      Surroundings surroundings) {
    this.sender = sender;
    this.backend = backend;
    this.instances = instances;
    this.surroundings = surroundings;
  }

  void run() {
    var sending = CompletableFuture.runAsync(() -> IntStream.range(0, EVENTS).forEach(this::begin));
    for (int i = 0; ended.get() < EVENTS && watch.elapsed().compareTo(TIME) < 0; i++) {
      if (!isOverWithin(PAUSE_MILLIS)) {
        fail(i);
      }
    }
    await().atMost(TIME).until(() -> sending.isDone() && ended.get() == EVENTS);
    time = watch.elapsed();
  }

  private boolean isOverWithin(int millis) {
    var due = CompletableFuture.runAsync(() -> {}, delayedExecutor(millis, MILLISECONDS));
    await().until(() -> due.isDone() || ended.get() == EVENTS);
    return ended.get() == EVENTS;
  }

  private void fail(int number) {
    var begin = Instant.now();
    switch (number % 4) {
      case 1 -> end(instances.get(0).kill(), "kill of an instance", begin);
      case 0 -> {
        var stopped = Stopped.redis(surroundings.redis());
        end(
            () -> {
              isOverWithin(PAUSE_MILLIS);
              stopped.close();
            },
            "stop of Redis",
            begin);
      }
      case 3 -> end(instances.get(1).kill(), "kill of an instance", begin);
      default -> {
        surroundings.redis().kill();
        end(surroundings::restartRedis, "kill of Redis", begin);
      }
    }
  }

  private void end(Runnable end, String what, Instant begin) {
    // The time of an instance's start is not part of the failure.
    var isKill = what.equals("kill of an instance");
    var killed = Instant.now();
    end.run();
    faults.add(new Fault(what, begin, isKill ? killed : Instant.now()));
  }

  private void begin(int number) {
    free.acquireUninterruptibly();
    var id = EventSender.newId();
    var fails = number % FAILING == 0;
    var push = sender.push("test_event", id, fails ? "fail-once" : "");
    var event = new Event(id, push, fails, new ConcurrentLinkedQueue<>());
    attempt(event, number, 1);
  }

  private void attempt(Event event, int number, int attempt) {
    var sent =
        running(number + attempt)
            .map(service -> sender.send(service, event.push))
            .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("killed")));
    sent.whenComplete(
        (response, failure) -> {
          var result = response == null ? "no response" : Crowd.kind(response);
          event.attempts.add(new Attempt(result, Instant.now()));
          if (isAcknowledged(response)) {
            acknowledged.add(event);
          } else if (attempt < MOST_ATTEMPTS) {
            repeats.incrementAndGet();
            delayedExecutor(REPEAT_MILLIS, MILLISECONDS)
                .execute(() -> attempt(event, number, attempt + 1));
            return;
          }
          ended.incrementAndGet();
          free.release();
        });
  }

  /** Returns one of the running instances, as a load balancer chooses. */
  private Optional<ServiceProcess> running(int number) {
    var chosen = number % instances.size();
    return instances
        .get(chosen)
        .service()
        .or(() -> instances.get((chosen + 1) % instances.size()).service());
  }

  private static boolean isAcknowledged(HttpResponse<String> response) {
    return response != null && response.statusCode() == 200;
  }

  /** Returns the broken promises. */
  List<String> broken() {
    var broken = new ArrayList<String>();
    if (acknowledged.size() < EVENTS) {
      broken.add(EVENTS - acknowledged.size() + " events were never acknowledged");
    }
    for (var event : acknowledged) {
      var taken = taken(event);
      if (taken.isEmpty()) {
        broken.add(event.id + " was acknowledged and not delivered");
      }
      taken.stream()
          .limit(Math.max(0, taken.size() - 1))
          .filter(delivery -> faults.stream().noneMatch(fault -> explains(fault, delivery)))
          .filter(delivery -> event.attempts.stream().noneMatch(it -> wasTooLate(it, delivery)))
          .forEach(
              delivery ->
                  broken.add(
                      "%s was delivered again without a reason: %s, %s"
                          .formatted(event.id, delivery.at(), event.attempts)));
    }
    return broken;
  }

  /** Returns the deliveries of an event that the backend took. */
  private List<Delivery> taken(Event event) {
    var all = backend.deliveries(event.id);
    return event.fails ? all.subList(Math.min(1, all.size()), all.size()) : all;
  }

  private static boolean explains(Fault fault, Delivery delivery) {
    return delivery.at().isAfter(fault.begin.minus(AROUND))
        && delivery.at().isBefore(fault.end.plus(AROUND));
  }

  /** Returns whether the request ended before the answer of this delivery arrived. */
  private static boolean wasTooLate(Attempt attempt, Delivery delivery) {
    return attempt.result.equals("504 backend-timeout")
        && attempt.end.isAfter(delivery.at())
        && attempt.end.isBefore(delivery.at().plus(LATEST));
  }

  String figures() {
    var results =
        acknowledged.stream()
            .flatMap(event -> event.attempts.stream())
            .collect(groupingBy(Attempt::result, TreeMap::new, counting()));
    var twice = acknowledged.stream().filter(event -> taken(event).size() > 1).count();
    return "%,d events in %.1f s: %,d acknowledged, %,d repeats, %d delivered again, %s, %d failures: %s"
        .formatted(
            EVENTS,
            time.toMillis() / 1e3,
            acknowledged.size(),
            repeats.get(),
            twice,
            results,
            faults.size(),
            faults.stream().map(Fault::what).toList());
  }
}
