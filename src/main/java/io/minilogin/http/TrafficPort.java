package io.minilogin.http;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Closes the traffic port a moment before the shutdown delay is over. Quarkus closes it last,
 * together with all connections, and would cut requests of gateways that do not look at readiness.
 * A gateway whose connection is refused goes to another instance. What came on a connection that
 * was accepted is there by the time that Quarkus waits for requests under way. From SIGTERM on,
 * Quarkus ends each connection with its next answer. A connection that is made in the very moment
 * of closing is reset; its request may go to another instance, since a code that is posted twice
 * gets one answer.
 */
@Singleton
class TrafficPort {
  /** How long the first request on a connection may take to arrive. */
  private static final Duration ARRIVAL = Duration.ofMillis(500);

  /** Of a short delay, only this part. */
  private static final int PART = 4;

  /** Netty has no way from its extensions to a bean. */
  private static final Queue<ServerChannel> LISTENING = new ConcurrentLinkedQueue<>();

  private final Vertx vertx;
  private final HttpServer server;
  private final Duration delay;

  TrafficPort(
      Vertx vertx,
      HttpServer server,
      @ConfigProperty(name = "quarkus.shutdown.delay") Duration delay) {
    this.vertx = vertx;
    this.server = server;
    this.delay = delay;
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
