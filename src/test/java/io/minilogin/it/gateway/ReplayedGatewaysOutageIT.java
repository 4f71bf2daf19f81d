package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;

import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Surroundings;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** To a gateway that no test runs, doubt is 503, and the connection stays. */
class ReplayedGatewaysOutageIT {
  private static Surroundings surroundings;
  private static ServiceProcess service;
  private static String token;

  @BeforeAll
  static void loseRedisAfterALogin() {
    surroundings = Surroundings.start();
    service = surroundings.service().start();
    token = service.client().tokenFor(code());
    surroundings.redis().close();
  }

  @AfterAll
  static void stop() {
    service.close();
    surroundings.close();
  }

  @ParameterizedTest
  @MethodSource("io.minilogin.it.gateway.GatewayPage#withAQuestion")
  void withoutRedisTheAnswerIsNotNow(GatewayPage page) throws IOException {
    try (var connection = new KeptConnection(service.traffic())) {
      Verdicts.notNow(connection.ask(page.question().bearing(token)));
      Verdicts.tokenMissing(connection.ask(page.question().withoutAuthorization()));
      Verdicts.notNow(connection.ask(page.question().bearing(token)));
    }
  }
}
