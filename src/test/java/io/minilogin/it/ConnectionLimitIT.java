package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** New connections above the limit are closed at once, and operators can see it. */
@Tag("long")
class ConnectionLimitIT {
  private static final int LIMIT = 50;

  @Test
  void connectionsOverTheLimitAreClosedAtOnce() throws IOException {
    try (var surroundings = Surroundings.start();
        var service =
            surroundings
                .service()
                .with("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", String.valueOf(LIMIT))
                .start()) {
      service.client().login(code()).then().statusCode(200);
      var connections = new Connections();
      try (connections) {
        connections.open(service, LIMIT);
        await().until(() -> service.client().ready().statusCode() == 503);
        try (var another = new RawHttp(service.traffic())) {
          assertThat(another.answer().status()).isZero();
        }
        service.client().live().then().statusCode(200);
        assertThat(service.client().metrics())
            .contains("mini_login_connections " + LIMIT + ".0")
            .contains("mini_login_connections_limit " + LIMIT + ".0")
            .containsPattern("mini_login_connections_refused_total [1-9]");
      }
      await().until(() -> service.client().ready().statusCode() == 200);
      service.client().login(code()).then().statusCode(200);
    }
  }

  private static final class Connections implements AutoCloseable {
    private final List<RawHttp> open = new ArrayList<>();

    void open(ServiceProcess service, int number) throws IOException {
      for (int i = 0; i < number; i++) {
        open.add(new RawHttp(service.traffic()));
      }
    }

    @Override
    public void close() throws IOException {
      for (var connection : open) {
        connection.close();
      }
    }
  }
}
