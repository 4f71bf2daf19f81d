package io.minilogin.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Readiness checks the ports, because Quarkus opens the health port at the same time. */
class TrafficPortTest {
  private static final Vertx VERTX = Vertx.vertx();

  /** The ports that Quarkus reports; -1 before they accept connections. */
  private static final class Ports implements HttpServer {
    private int http = -1;
    private int https = -1;

    @Override
    public int getPort() {
      return http;
    }

    @Override
    public int getSecurePort() {
      return https;
    }

    @Override
    public int getManagementPort() {
      return 9000;
    }

    @Override
    public URI getLocalBaseUri() {
      throw new UnsupportedOperationException();
    }
  }

  private final Ports ports = new Ports();

  @AfterAll
  static void close() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void serviceIsReadyOnceThePortIsOpen() {
    var traffic = traffic("enabled");
    assertThat(isReady(traffic)).isFalse();
    traffic.customizeHttpServer(new HttpServerOptions());
    traffic.customizeHttpsServer(new HttpServerOptions());
    assertThat(isReady(traffic)).isFalse();
    ports.http = 8080;
    assertThat(isReady(traffic)).isTrue();
  }

  @Test
  void serviceIsReadyOnceBothPortsAreOpen() {
    var traffic = traffic("enabled");
    traffic.customizeHttpServer(new HttpServerOptions());
    traffic.customizeHttpsServer(withCertificate());
    ports.http = 8080;
    assertThat(isReady(traffic)).isFalse();
    ports.https = 8443;
    assertThat(isReady(traffic)).isTrue();
  }

  @Test
  void onlyTheSecurePortCountsWhenInsecureRequestsAreDisabled() {
    var traffic = traffic("disabled");
    traffic.customizeHttpServer(new HttpServerOptions());
    traffic.customizeHttpsServer(withCertificate());
    assertThat(isReady(traffic)).isFalse();
    ports.https = 8443;
    assertThat(isReady(traffic)).isTrue();
  }

  private static HttpServerOptions withCertificate() {
    return new HttpServerOptions().setKeyCertOptions(new PemKeyCertOptions());
  }

  private TrafficPort traffic(String insecureRequests) {
    return new TrafficPort(VERTX, ports, insecureRequests, Duration.ZERO);
  }

  private static boolean isReady(TrafficPort traffic) {
    return traffic.call().await().indefinitely().getStatus() == Status.UP;
  }
}
