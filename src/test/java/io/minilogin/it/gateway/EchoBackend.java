package io.minilogin.it.gateway;

import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A backend behind a gateway. It answers with the request as received, and echoes WebSocket frames.
 * {@code /status/500} makes it fail with its own error. Every answer allows all origins, as
 * careless backends do. It supports an upgrade to HTTP/2, in case a gateway lets the upgrade
 * through.
 */
final class EchoBackend implements AutoCloseable {
  static final String OWN_WORDS = "the backend's own words";
  private static final String STATUS = "/status/";

  /**
   * A request as the backend received it.
   *
   * @param headers header lines, {@code Name: value}, with the received spelling
   */
  record Echo(String method, String uri, List<String> headers, String body) {
    static Echo in(Response response) {
      var json = new JsonObject(response.then().statusCode(200).extract().asString());
      return new Echo(
          json.getString("method"),
          json.getString("uri"),
          json.getJsonArray("headers").stream().map(String.class::cast).toList(),
          json.getString("body"));
    }

    /** Returns the values of this header. The name must be in lower case. */
    List<String> values(String name) {
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .toList();
    }

    private static JsonObject of(HttpServerRequest request, Buffer body) {
      var headers =
          request.headers().entries().stream()
              .map(header -> header.getKey() + ": " + header.getValue())
              .toList();
      return new JsonObject()
          .put("method", request.method().name())
          .put("uri", request.uri())
          .put("headers", headers)
          .put("body", body.toString());
    }
  }

  private final Queue<String> uris = new ConcurrentLinkedQueue<>();
  private final Vertx vertx;
  private final HttpServer server;

  private EchoBackend() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .webSocketHandler(this::echo)
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)));
  }

  /** Starts the backend on a free port. */
  static EchoBackend start() {
    var backend = new EchoBackend();
    backend.server.listen().toCompletionStage().toCompletableFuture().join();
    return backend;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Returns whether a request for this URI has arrived. */
  boolean saw(String uri) {
    return uris.contains(uri);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void echo(ServerWebSocket socket) {
    uris.add(socket.uri());
    socket.textMessageHandler(socket::writeTextMessage);
  }

  private void answer(HttpServerRequest request, Buffer body) {
    uris.add(request.uri());
    request.response().putHeader("Access-Control-Allow-Origin", "*");
    var path = request.path();
    if (path.startsWith(STATUS)) {
      request
          .response()
          .setStatusCode(Integer.parseInt(path.substring(STATUS.length())))
          .end(OWN_WORDS);
    } else {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end(Echo.of(request, body).toBuffer());
    }
  }
}
