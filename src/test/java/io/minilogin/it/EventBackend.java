package io.minilogin.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

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
    answer(request, value(DO, body), queue.size() == 1);
  }

  private void answer(HttpServerRequest request, String what, boolean isFirst) {
    var response = request.response();
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
      case "interim" -> {
        sendInterim(request);
        response.end(REPLY);
      }
      case "gzip" -> response.putHeader("Content-Encoding", "gzip").end(gzip(REPLY));
      case "identity" -> response.putHeader("Content-Encoding", "identity").end(REPLY);
      case "unknown-coding" -> response.putHeader("Content-Encoding", "x-own").end(REPLY);
      case "nothing" -> response.setStatusCode(204).end();
      case "reply" -> response.end(REPLY);
      case "refuse" -> response.end(REFUSAL);
      default -> response.end("success");
    }
  }

  /** Sends an interim response, for which Vert.x has no method. */
  private static void sendInterim(HttpServerRequest request) {
    var pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    var interim = "HTTP/1.1 102 Processing\r\n\r\n";
    pipeline.firstContext().writeAndFlush(Unpooled.copiedBuffer(interim, US_ASCII));
  }

  private static Buffer gzip(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static String value(Pattern field, String body) {
    var found = field.matcher(body);
    return found.find() ? found.group(1) : "";
  }
}
