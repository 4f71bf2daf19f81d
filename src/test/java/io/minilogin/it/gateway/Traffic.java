package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.minilogin.it.gateway.KeptConnection.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Clients that continuously log in through a gateway, call the backend and read their session. Each
 * client keeps its own connection. Nothing is sent twice.
 */
final class Traffic implements AutoCloseable {
  /** Each client has at most one request in flight. */
  static final int CLIENTS = 8;

  private static final int CHECKS = 3;

  /** Leaves CPU time for the other tests. */
  private static final int PAUSE_MILLIS = 150;

  /**
   * A request that was not answered with 200.
   *
   * @param began the start by {@link System#nanoTime()}
   * @param answer the answer or the error
   */
  record Failure(String request, long began, String answer) {}

  private final URI gateway;
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Client> clients = Stream.generate(Client::new).limit(CLIENTS).toList();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(CLIENTS);

  private Traffic(URI gateway) {
    this.gateway = gateway;
  }

  static Traffic through(URI gateway) {
    var traffic = new Traffic(gateway);
    traffic.clients.forEach(
        client ->
            traffic.threads.scheduleWithFixedDelay(client::visit, 0, PAUSE_MILLIS, MILLISECONDS));
    return traffic;
  }

  /** Returns the number of requests so far, including failed ones. */
  int requests() {
    return requests.get();
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Returns the tokens of all successful logins. */
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** Returns when each request in flight is answered. */
  @Override
  public void close() throws InterruptedException, IOException {
    threads.shutdown();
    if (!threads.awaitTermination(30, SECONDS)) {
      throw new IllegalStateException("clients are still waiting");
    }
    for (var client : clients) {
      client.hangUp();
    }
  }

  private final class Client {
    private Optional<KeptConnection> connection = Optional.empty();

    private void visit() {
      login().ifPresent(this::look);
    }

    private Optional<String> login() {
      var body = "{\"code\":\"" + code("delay=20") + "\"}";
      var login =
          new Question(
              "POST",
              "/login",
              List.of(
                  "Host: gateway",
                  "Content-Type: application/json",
                  "Content-Length: " + body.length()));
      var token =
          ask(login, body)
              .map(answer -> answer.body().replaceAll(".*\"access_token\":\"([^\"]+)\".*", "$1"));
      token.ifPresent(tokens::add);
      return token;
    }

    private void look(String token) {
      var bearing = Question.bare(token);
      for (int i = 0; i < CHECKS; i++) {
        ask(bearing.withTarget("/orders"), "");
      }
      ask(bearing.withTarget("/session"), "");
    }

    /** Sends a request. The result is empty if the request failed. */
    private Optional<Answer> ask(Question question, String body) {
      var began = System.nanoTime();
      requests.incrementAndGet();
      try {
        if (connection.isEmpty()) {
          connection = Optional.of(new KeptConnection(gateway));
        }
        connection.get().send((new String(question.bytes(), UTF_8) + body).getBytes(UTF_8));
        var answer = connection.get().answer(question.method());
        if (answer.values("Connection").contains("close")) {
          hangUp();
        }
        if (answer.status() == 200) {
          return Optional.of(answer);
        }
        failed(question, began, answer.toString());
      } catch (IOException | RuntimeException e) {
        failed(question, began, e.toString());
        hangUp();
      }
      return Optional.empty();
    }

    private void failed(Question question, long began, String answer) {
      failures.add(new Failure(question.method() + " " + question.target(), began, answer));
    }

    private void hangUp() {
      try {
        if (connection.isPresent()) {
          connection.get().close();
        }
      } catch (IOException e) {
        // The connection is no longer needed.
      }
      connection = Optional.empty();
    }
  }
}
