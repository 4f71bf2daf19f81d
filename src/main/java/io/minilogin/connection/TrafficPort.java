package io.minilogin.connection;

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
 * Ready once all ports for traffic, HTTP and HTTPS, accept connections. Quarkus opens the health
 * port at the same time, and a native executable takes a while to open an HTTPS port.
 *
 * <p>Closes the traffic port shortly before the shutdown delay ends. Quarkus closes it last,
 * together with all connections, which would cut requests of gateways that ignore readiness. A
 * gateway whose connection is refused tries another instance. Requests on accepted connections have
 * arrived by the time that Quarkus waits for requests under way. From SIGTERM on, Quarkus ends each
 * connection with its next response. A connection that is made at the very moment of closing is
 * reset. Its request may go to another instance, since a code that is posted twice gets one answer.
 */
@Readiness
@Singleton
public class TrafficPort implements HttpServerOptionsCustomizer, AsyncHealthCheck {
  /** How long the first request on a connection may take to arrive. */
  private static final Duration ARRIVAL = Duration.ofMillis(500);

  /** Divisor of a short shutdown delay: the port closes this part of the delay before its end. */
  private static final int PART = 4;

  /** Static, because Netty's extensions have no access to a bean. */
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

  /** Called just before Quarkus opens the HTTP port, unless the service accepts HTTPS only. */
  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    hasHttp = !isSecureOnly;
  }

  /** Called just before Quarkus opens the HTTPS port, if there is a certificate. */
  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    hasHttps = options.getKeyCertOptions() != null;
  }

  /**
   * Checks that the ports are open. Quarkus reports the number of a port once it accepts
   * connections.
   */
  @Override
  public Uni<HealthCheckResponse> call() {
    var isOpen =
        (hasHttp || hasHttps)
            && (!hasHttp || server.getPort() > 0)
            && (!hasHttps || server.getSecurePort() > 0);
    return Uni.createFrom().item(HealthCheckResponse.named("ports").status(isOpen).build());
  }

  /**
   * Registers a listening port. Netty's extension calls this for every port, including management.
   */
  public static void opens(ServerChannel channel) {
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

  /** Returns whether this port is for traffic, not for health and metrics. */
  private boolean isForTraffic(ServerChannel channel) {
    return channel.localAddress() instanceof InetSocketAddress address
        && (address.getPort() == server.getPort() || address.getPort() == server.getSecurePort());
  }
}
