package io.minilogin.it;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * A backend that takes events. The field {@code Do} of an event selects the answer, and the field
 * {@code Id} names the event in the test.
 */
final class EventBackend implements AutoCloseable {
  static final int LARGEST = 64 * 1024;
  static final String REPLY = "{\"ErrCode\":0,\"ErrMsg\":\"success\"}";
  static final String REFUSAL = "{\"ErrCode\":1,\"ErrMsg\":\"not now\"}";

  private static final String FIELD = "(?:\"%1$s\":\"|<%1$s><!\\[CDATA\\[)([^\"\\]]*)";
  private static final Pattern ID = Pattern.compile(FIELD.formatted("Id"));
  private static final Pattern DO = Pattern.compile(FIELD.formatted("Do"));

  /**
   * A delivered event.
   *
   * @param at when the backend answered
   */
  record Delivery(String uri, MultiMap headers, String body, Instant at) {}

  private final Map<String, Queue<Delivery>> deliveries = new ConcurrentHashMap<>();
  private final Vertx vertx;
  private final HttpServer server;

  private EventBackend() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(
                request -> request.body().onSuccess(body -> take(request, body.toString())));
  }

  /** Starts the backend on a free port. */
  static EventBackend start() {
    var backend = new EventBackend();
    backend.server.listen().toCompletionStage().toCompletableFuture().join();
    return backend;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/events?from=wechat");
  }

  /** Returns the deliveries of an event, also those that the backend failed. */
  List<Delivery> deliveries(String id) {
    return List.copyOf(deliveries.getOrDefault(id, new ConcurrentLinkedQueue<>()));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void take(HttpServerRequest request, String body) {
    var queue = deliveries.computeIfAbsent(value(ID, body), id -> new ConcurrentLinkedQueue<>());
    queue.add(new Delivery(request.uri(), request.headers(), body, Instant.now()));
    answer(request.response(), value(DO, body), queue.size() == 1);
  }

  private void answer(HttpServerResponse response, String what, boolean isFirst) {
    switch (what) {
      case "fail" -> response.setStatusCode(500).end("a stack trace");
      case "fail-once" -> response.setStatusCode(isFirst ? 503 : 200).end("success");
      case "redirect" -> response.setStatusCode(307).putHeader("Location", "/elsewhere").end();
      case "reset" -> response.reset();
      case "huge" -> response.end("x".repeat(LARGEST + 1));
      case "endless" -> response.setChunked(true).write("x".repeat(LARGEST + 1));
      case "largest" -> response.end("x".repeat(LARGEST));
      case "hang" -> response.setChunked(true).write("x");
      case "slow" -> vertx.setTimer(1000, due -> response.end("success"));
      case "nothing" -> response.setStatusCode(204).end();
      case "reply" -> response.end(REPLY);
      case "refuse" -> response.end(REFUSAL);
      default -> response.end("success");
    }
  }

  private static String value(Pattern field, String body) {
    var found = field.matcher(body);
    return found.find() ? found.group(1) : "";
  }
}
