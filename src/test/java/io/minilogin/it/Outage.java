package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sequential logins and checks of tokens during an event of the store. During any event, an answer
 * is a success or a 503 with a Retry-After, and earlier tokens stay valid.
 */
final class Outage {
  private static final int TOKENS = 30;
  private static final int PAUSE_MILLIS = 20;

  /** The number of successes in a row that includes a check of each token. */
  private static final int RECOVERED = TOKENS;

  /** The number of successes that ends the wait for an outage. */
  private static final int UNAFFECTED = 5 * RECOVERED;

  /** The time limit for that many successes, even on a slow machine. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final String REPLICATION_MILLIS = "10000";

  private final ServiceProcess service;
  private final List<String> tokens;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
  private final Caller logins;
  private final Caller checks;

  private Outage(ServiceProcess service) {
    this.service = service;
    tokens = IntStream.range(0, TOKENS).mapToObj(i -> service.client().tokenFor(code())).toList();
    var turn = new AtomicInteger();
    logins = new Caller(() -> Crowd.login(service, code()));
    checks = new Caller(() -> Crowd.session(service, tokens.get(turn.getAndIncrement() % TOKENS)));
  }

  /**
   * Returns when calls are under way.
   *
   * @param masters masters with replicas; the earlier data has been replicated by then
   */
  static Outage begin(ServiceProcess service, RedisServer... masters) {
    var outage = new Outage(service);
    Stream.of(masters).forEach(Outage::awaitReplication);
    outage.callers().forEach(outage::start);
    outage.awaitCalls();
    return outage;
  }

  private void start(Caller caller) {
    threads.scheduleWithFixedDelay(caller::call, 0, PAUSE_MILLIS, MILLISECONDS);
  }

  private static void awaitReplication(RedisServer master) {
    try (var connection = new RedisConnection(master.port())) {
      // WAIT covers the writes of this connection and all earlier writes.
      IntStream.range(0, 1000).filter(i -> isWritten(connection, "key-" + i)).findFirst();
      assertThat((Long) connection.send("WAIT", "1", REPLICATION_MILLIS)).isPositive();
    }
  }

  /** Writes a key. A node of a cluster accepts only some of the keys. */
  private static boolean isWritten(RedisConnection connection, String key) {
    try {
      connection.send("SET", key, "", "PX", "60000");
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Returns when some more calls of each kind have succeeded. */
  void awaitCalls() {
    callers().forEach(Caller::awaitSuccesses);
  }

  /** Waits until both kinds of calls succeed again, and prints how long they failed. */
  void end(String what, Duration atMost) {
    await()
        .atMost(TIMEOUT)
        .until(() -> callers().anyMatch(Caller::hasFailed) || succeedInARow(UNAFFECTED));
    await().atMost(atMost).until(() -> succeedInARow(RECOVERED));
    stop();
    var lost = tokens.stream().filter(t -> service.client().session(t).statusCode() != 200).count();
    System.out.printf(
        "%s: logins failed for %s, checks for %s, %d of %d sessions lost%n",
        what, logins.failedFor(), checks.failedFor(), lost, TOKENS);
    assertThat(callers().flatMap(caller -> caller.wrong.stream())).isEmpty();
    assertThat(lost).isZero();
  }

  /** Expects that no call has failed. */
  void none() {
    stop();
    assertThat(callers().flatMap(caller -> caller.wrong.stream())).isEmpty();
    assertThat(callers()).noneMatch(Caller::hasFailed);
    tokens.forEach(token -> service.client().session(token).then().statusCode(200));
  }

  private boolean succeedInARow(int times) {
    return callers().allMatch(caller -> caller.inARow.get() >= times);
  }

  private Stream<Caller> callers() {
    return Stream.of(logins, checks);
  }

  private void stop() {
    threads.shutdown();
    await().until(threads::isTerminated);
  }

  private static final class Caller {
    private final Supplier<HttpRequest> requests;
    private final AtomicInteger inARow = new AtomicInteger();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    private record Failure(long sent, long answered) {}

    private Caller(Supplier<HttpRequest> requests) {
      this.requests = requests;
    }

    private void call() {
      var sent = System.nanoTime();
      var answer = Crowd.send(requests.get()).join();
      if (answer.statusCode() == 200) {
        inARow.incrementAndGet();
        return;
      }
      failures.add(new Failure(sent, System.nanoTime()));
      inARow.set(0);
      if (answer.statusCode() != 503 || answer.headers().firstValue("Retry-After").isEmpty()) {
        wrong.add(answer.statusCode() + " " + answer.body());
      }
    }

    /** Returns when two more calls have succeeded, or some calls have failed. */
    private void awaitSuccesses() {
      var before = inARow.get();
      await().until(() -> inARow.get() > before + 1 || hasFailed());
    }

    private boolean hasFailed() {
      return !failures.isEmpty();
    }

    private String failedFor() {
      var from = failures.stream().mapToLong(Failure::sent).min().orElse(0);
      var to = failures.stream().mapToLong(Failure::answered).max().orElse(0);
      return "%.1f s".formatted((to - from) / 1e9);
    }
  }
}
