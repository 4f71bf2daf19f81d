package io.minilogin.http;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once all ports for traffic accept connections, HTTP and HTTPS. Quarkus opens the port for
 * health at the same time as these, and a native executable takes a while to make an HTTPS port.
 *
 * <p>Closes the traffic port a moment before the shutdown delay is over. Quarkus closes it last,
 * together with all connections, and would cut requests of gateways that do not look at readiness.
 * A gateway whose connection is refused goes to another instance. What came on a connection that
 * was accepted is there by the time that Quarkus waits for requests under way. From SIGTERM on,
 * Quarkus ends each connection with its next answer. A connection that is made in the very moment
 * of closing is reset; its request may go to another instance, since a code that is posted twice
 * gets one answer.
 */
@Readiness
@Singleton
class TrafficPort implements HttpServerOptionsCustomizer, AsyncHealthCheck {
  /** How long the first request on a connection may take to arrive. */
  private static final Duration ARRIVAL = Duration.ofMillis(500);

  /** Of a short delay, only this part. */
  private static final int PART = 4;

  /** Netty has no way from its extensions to a bean. */
  private static final Queue<ServerChannel> LISTENING = new ConcurrentLinkedQueue<>();

  private final Vertx vertx;
  private final HttpServer server;
  private final boolean isSecureOnly;
  private final Duration delay;
  private volatile boolean hasHttp;
  private volatile boolean hasHttps;

  TrafficPort(
      Vertx vertx,
      HttpServer server,
      @ConfigProperty(name = "quarkus.http.insecure-requests", defaultValue = "enabled")
          String insecureRequests,
      @ConfigProperty(name = "quarkus.shutdown.delay") Duration delay) {
    this.vertx = vertx;
    this.server = server;
    this.isSecureOnly = insecureRequests.equalsIgnoreCase("disabled");
    this.delay = delay;
  }

  /** Quarkus is about to open the HTTP port, unless it is to serve HTTPS only. */
  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    hasHttp = !isSecureOnly;
  }

  /** Quarkus is about to open the HTTPS port, if there is a certificate. */
  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    hasHttps = options.getKeyCertOptions() != null;
  }

  /** Quarkus tells the number of a port from the moment on that the port accepts connections. */
  @Override
  public Uni<HealthCheckResponse> call() {
    var isOpen =
        (hasHttp || hasHttps)
            && (!hasHttp || server.getPort() > 0)
            && (!hasHttps || server.getSecurePort() > 0);
    return Uni.createFrom().item(HealthCheckResponse.named("ports").status(isOpen).build());
  }

  /** Netty tells of any port. */
  static void opens(ServerChannel channel) {
    LISTENING.add(channel);
    channel.closeFuture().addListener(closed -> LISTENING.remove(channel));
  }

  void stops(@Observes ShutdownDelayInitiatedEvent sigterm) {
    var millis = delay.toMillis();
    var open = millis - Math.min(ARRIVAL.toMillis(), millis / PART);
    // Vert.x' timers take a millisecond at least.
    vertx.setTimer(Math.max(1, open), timer -> close());
  }

  private void close() {
    LISTENING.stream().filter(this::isForTraffic).forEach(Channel::close);
  }

  /** And not for health and metrics. */
  private boolean isForTraffic(ServerChannel channel) {
    return channel.localAddress() instanceof InetSocketAddress address
        && (address.getPort() == server.getPort() || address.getPort() == server.getSecurePort());
  }
}
