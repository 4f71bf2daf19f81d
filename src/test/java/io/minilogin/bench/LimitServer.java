package io.minilogin.bench;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The baseline, plain Vert.x: it answers every request with an empty 200 after one GETEX of a value
 * as large as a session, without routing, headers or cryptography. The baseline is not an upper
 * bound: a service that sends several commands to Redis in one write is faster.
 */
final class LimitServer {
  private static final String KEY = "ml:s:" + "x".repeat(43);
  private static final String SESSION = "x".repeat(128);
  private static final long LIFETIME = TimeUnit.DAYS.toMillis(1);

  private LimitServer() {}

  /** The way in which a request reaches Redis. */
  enum Kind {
    /** A pool like that of the service: one command at a time holds a connection. */
    GETEX,
    /** All requests share one connection and do not wait for each other. */
    PIPELINED;

    String title() {
      return this == GETEX ? "GETEX" : "GETEX, pipelined";
    }
  }

  /** Takes a {@link Kind} as an argument. */
  public static void main(String... arguments) {
    // One event loop, because there is one core: no work ever changes threads.
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    var server =
        vertx
            .createHttpServer(options.setHttp2ClearTextEnabled(false))
            .requestHandler(handler(vertx, Kind.valueOf(arguments[0])));
    await(server.listen());
    System.out.println("Listening on: http://127.0.0.1:" + server.actualPort());
  }

  private static Handler<HttpServerRequest> handler(Vertx vertx, Kind kind) {
    var redis =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(System.getenv("QUARKUS_REDIS_HOSTS"))
                .setMaxPoolSize(64)
                .setMaxPoolWaiting(4096));
    await(redis.send(Request.cmd(Command.SET).arg(KEY).arg(SESSION)));
    return switch (kind) {
      case GETEX -> request -> answerAfter(() -> redis.send(getex()), request);
      case PIPELINED -> {
        var connection = await(redis.connect());
        yield request -> answerAfter(() -> connection.send(getex()), request);
      }
    };
  }

  private static Request getex() {
    return Request.cmd(Command.GETEX).arg(KEY).arg("PX").arg(LIFETIME);
  }

  private static void answerAfter(Supplier<Future<Response>> command, HttpServerRequest request) {
    command
        .get()
        .onSuccess(session -> answer(request))
        .onFailure(failure -> request.response().setStatusCode(503).end());
  }

  private static void answer(HttpServerRequest request) {
    request.response().putHeader("Content-Length", "0").end();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
