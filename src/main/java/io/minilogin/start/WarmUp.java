package io.minilogin.start;

import io.minilogin.metrics.Requests;
import io.minilogin.wechat.WechatGateway;
import io.quarkus.runtime.ImageMode;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Has the service go its own ways before it says that it is ready: the first requests would
 * otherwise pay for classes that a JVM loads and connections that are made when they are first
 * needed, and on a busy machine pay seconds. It sends itself requests that are refused, a login
 * without a code and a session without a token that exists, and makes calls like a login's to a
 * stand-in for WeChat of its own, until that is quick or some time has passed. Nothing goes to
 * WeChat, nothing is written to Redis. Whatever fails meanwhile is met again by the readiness of
 * what it is about. A native executable has no classes to load and is ready without all this.
 */
@Readiness
@Singleton
class WarmUp implements AsyncHealthCheck {
  private static final Logger LOG = Logger.getLogger(WarmUp.class);

  /** On a busy machine it takes many times what it takes on a quiet one, and is needed most. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final Duration QUICK = Duration.ofMillis(10);
  private static final int MOST_ROUNDS = 50;
  private static final String LOCAL = "127.0.0.1";

  /** Such a token is never given. */
  private static final String BEARER = "Bearer mlt_" + "A".repeat(43);

  private static final String REPLY =
      "{\"openid\":\"warm-up\",\"session_key\":\"d2FybS11cC13YXJtLQ==\"}";

  private final Vertx vertx;
  private final WechatGateway wechat;
  private final Requests requests;
  private final int eventLoops;
  private volatile boolean isDone;

  WarmUp(
      Vertx vertx,
      WechatGateway wechat,
      Requests requests,
      @ConfigProperty(name = "quarkus.vertx.event-loops-pool-size") int eventLoops) {
    this.vertx = vertx;
    this.wechat = wechat;
    this.requests = requests;
    this.eventLoops = eventLoops;
    if (ImageMode.current() == ImageMode.NATIVE_RUN) {
      end();
    }
  }

  private void end() {
    requests.begin();
    isDone = true;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom().item(HealthCheckResponse.named("warm-up").status(isDone).build());
  }

  /** Where there is HTTPS alone, nothing is tried: a client of ours would not trust it. */
  void skip(@ObservesAsync HttpsServerStart start, HttpServer self) {
    if (self.getPort() < 0) {
      end();
    }
  }

  void begin(@ObservesAsync HttpServerStart start, HttpServer self) {
    if (isDone) {
      return;
    }
    var began = System.nanoTime();
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost(isAnyAddress(start) ? LOCAL : start.options().getHost())
                .setDefaultPort(self.getPort()),
            new PoolOptions().setHttp1MaxSize(eventLoops));
    var standIn =
        vertx
            .createHttpServer(new HttpServerOptions().setHost(LOCAL).setPort(0))
            .requestHandler(request -> request.response().end(REPLY));
    standIn
        .listen()
        .compose(listening -> rounds(client, local(standIn.actualPort()), 1))
        .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            rounds -> {
              LOG.debugf("Warmed up in %s: %s", since(began), rounds);
              end();
              // A Vert.x that closes, after a start that failed, has closed both.
              if (!((VertxInternal) vertx).closeFuture().isClosed()) {
                standIn.close();
                client.close();
              }
            });
  }

  private static boolean isAnyAddress(HttpServerStart start) {
    return start.options().getHost().equals("0.0.0.0");
  }

  private static URI local(int port) {
    return URI.create("http://" + LOCAL + ":" + port);
  }

  /** How many it took. */
  private Future<Integer> rounds(HttpClient client, URI standIn, int number) {
    var began = System.nanoTime();
    return onEachLoop(
            () -> login(client).compose(done -> session(client)).compose(done -> exchange(standIn)))
        .compose(
            done ->
                number >= MOST_ROUNDS || since(began).compareTo(QUICK) < 0
                    ? Future.succeededFuture(number)
                    : rounds(client, standIn, number + 1));
  }

  /** As many at the same time as there are event loops, so that each gets its share. */
  private Future<?> onEachLoop(Supplier<Future<?>> work) {
    return Future.join(Stream.generate(work).limit(eventLoops).toList());
  }

  private static Future<?> login(HttpClient client) {
    return client
        .request(HttpMethod.POST, "/login")
        .compose(request -> request.putHeader("Content-Type", "application/json").send("{}"))
        .compose(HttpClientResponse::end);
  }

  private static Future<?> session(HttpClient client) {
    return client
        .request(HttpMethod.GET, "/session")
        .compose(request -> request.putHeader("Authorization", BEARER).send())
        .compose(HttpClientResponse::end);
  }

  private Future<?> exchange(URI standIn) {
    return Future.fromCompletionStage(wechat.warmUp(standIn).subscribeAsCompletionStage());
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
