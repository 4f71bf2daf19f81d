package io.minilogin.it;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.awaitility.Awaitility.await;

import io.minilogin.dev.WechatSimulator;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Users who constantly log in, send checks and log out, and verify each answer. */
final class ChaosCallers implements AutoCloseable {
  private static final int LOGIN_MILLIS = 150;
  private static final int CHECK_MILLIS = 25;
  private static final int LOGOUT_MILLIS = 60;

  /** Number of concurrent and of later posts of one code. */
  private static final int POSTS = 3;

  private static final int REPEATS = 2;

  /** The first sessions stay until the end. The others are logged out if there are too many. */
  private static final int PERMANENT_SESSIONS = 50;

  private static final int MAX_SESSIONS = 150;

  /** The deadline of every answer, and the delay that two busy cores may add. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final Duration TOLERANCE = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private final List<ChaosInstance> instances;
  private final WechatSimulator wechat;
  private final ChaosJournal journal;
  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final List<ChaosSession> sessions = new ArrayList<>();
  private volatile Words words = Words.GOOD;

  /** The words of new codes and the expected answer to their posts. */
  private record Words(String word, String usual) {
    private static final Words GOOD = new Words("delay=100", "200");
  }

  ChaosCallers(List<ChaosInstance> instances, WechatSimulator wechat, ChaosJournal journal) {
    this.instances = instances;
    this.wechat = wechat;
    this.journal = journal;
    every(LOGIN_MILLIS, this::logIn);
    every(CHECK_MILLIS, this::check);
    every(LOGOUT_MILLIS, this::logOut);
  }

  /**
   * Uses this word in new codes from now on.
   *
   * @param usual the answer to posts of such a code while nothing else fails
   */
  void postCodes(String word, String usual) {
    words = new Words(word, usual);
  }

  void postGoodCodes() {
    words = Words.GOOD;
  }

  private List<ChaosSession> sessions() {
    synchronized (sessions) {
      return List.copyOf(sessions);
    }
  }

  /** Checks each session once more at the end. */
  void lookAtSessions() {
    var service = instances.get(0).service().orElseThrow();
    for (var session : sessions()) {
      var status = service.client().verify(session.token()).statusCode();
      var mayBe = status == 200 ? !session.isEnded() : session.isLeaving();
      if (!mayBe) {
        journal.broken("in the end a session gets " + status);
      }
    }
  }

  private void every(int millis, Runnable call) {
    timers.scheduleAtFixedRate(() -> noted(call), 0, millis, MILLISECONDS);
  }

  private void noted(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | AssertionError e) {
      journal.broken("the test itself: " + e);
    }
  }

  private void logIn() {
    journal.count("codes posted");
    var now = words;
    var code = new ChaosCode(now.word(), now.usual());
    for (int i = 0; i < POSTS; i++) {
      post(code);
    }
    for (int i = 0; i < REPEATS; i++) {
      var later = random((int) ChaosCode.REPLAY_WINDOW.toMillis());
      timers.schedule(() -> noted(() -> post(code)), later, MILLISECONDS);
    }
  }

  private void post(ChaosCode code) {
    send(
        "POST /login",
        Crowd::login,
        code.text(),
        answer -> code.answered(answer, wechat, journal).ifPresent(this::add));
  }

  private void add(ChaosSession session) {
    synchronized (sessions) {
      sessions.add(session);
    }
  }

  private void check() {
    var all = sessions();
    if (all.isEmpty()) {
      return;
    }
    var session = all.get(random(all.size()));
    switch (random(3)) {
      case 0 -> check(session, "GET /session", Crowd::session);
      case 1 -> check(session, "GET /verify", Crowd::verify);
      default -> check(session, "POST /introspect", Crowd::introspect);
    }
  }

  private void check(
      ChaosSession session, String what, BiFunction<ServiceProcess, String, HttpRequest> request) {
    var hadEnded = session.isEnded();
    send(
        what,
        request,
        session.token(),
        answer -> {
          var kind = Crowd.kind(answer);
          if (kind.equals("401 token-invalid") || answer.body().equals("{\"active\":false}")) {
            if (!session.isLeaving()) {
              journal.broken(what + " does not know a live session");
            }
          } else if (kind.equals("200")) {
            if (hadEnded) {
              journal.broken(what + " takes the token of a session that was logged out");
            }
            answer
                .headers()
                .firstValue("X-WX-OPENID")
                .filter(openid -> !openid.equals(session.openid()))
                .ifPresent(openid -> journal.broken(what + " takes a user for somebody else"));
          } else if (!kind.equals("503 store-unavailable")) {
            journal.broken(what + " got " + kind);
          }
        });
  }

  /** Logs out one of the sessions that do not stay. An ended session is dropped. */
  private void logOut() {
    ChaosSession session;
    synchronized (sessions) {
      if (sessions.size() <= MAX_SESSIONS) {
        return;
      }
      var index = PERMANENT_SESSIONS + random(sessions.size() - PERMANENT_SESSIONS);
      session = sessions.get(index);
      if (session.isEnded()) {
        sessions.remove(index);
        return;
      }
    }
    session.leaves();
    send(
        "DELETE /session",
        Crowd::logout,
        session.token(),
        answer -> {
          var kind = Crowd.kind(answer);
          // An earlier logout may have ended the session, although its answer was lost or a 503.
          if (kind.equals("204") || kind.equals("401 token-invalid")) {
            session.hasEnded();
          } else if (!kind.equals("503 store-unavailable")) {
            journal.broken("DELETE /session got " + kind);
          }
        });
  }

  /**
   * Sends the request to any running instance. Answers of an instance that is stopped or killed in
   * the meantime are not judged.
   */
  private void send(
      String what,
      BiFunction<ServiceProcess, String, HttpRequest> request,
      String subject,
      Consumer<HttpResponse<String>> look) {
    var instance = instances.get(random(instances.size()));
    var calm = instance.calm();
    var service = instance.service();
    if (service.isEmpty()) {
      return;
    }
    var watch = Stopwatch.start();
    inFlight.incrementAndGet();
    Crowd.send(request.apply(service.get(), subject))
        .handle(
            (answer, failure) -> {
              var isCalm = calm.lasts();
              if (isCalm && watch.elapsed().compareTo(DEADLINE.plus(TOLERANCE)) > 0) {
                journal.broken(what + " took " + watch.elapsed());
              }
              if (failure == null) {
                journal.count(what + " " + Crowd.kind(answer));
                noted(() -> look.accept(answer));
                checkRetryAfter(what, answer);
              } else {
                journal.count(what + " unanswered");
                if (isCalm) {
                  journal.broken(what + " got no answer: " + failure);
                }
              }
              return inFlight.decrementAndGet();
            });
  }

  private void checkRetryAfter(String what, HttpResponse<String> answer) {
    var mustSay = answer.statusCode() == 503 || answer.statusCode() == 429;
    if (mustSay && answer.headers().firstValue("Retry-After").isEmpty()) {
      journal.broken(what + " got " + Crowd.kind(answer) + " without Retry-After");
    }
  }

  private static int random(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }

  /** Returns when all requests are answered. */
  @Override
  public void close() {
    timers.shutdown();
    await().atMost(TIMEOUT).until(() -> timers.isTerminated() && inFlight.get() == 0);
  }
}
