package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;

import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Started;
import io.minilogin.it.Surroundings;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** To a gateway that no test runs, doubt is 503, and the connection stays. */
@Tag("long")
class ReplayedGatewaysOutageIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service = started.add(surroundings.service().start());
  private static String token;

  @BeforeAll
  static void loseRedisAfterALogin() {
    token = service.client().tokenFor(code());
    surroundings.redis().close();
  }

  @ParameterizedTest
  @MethodSource("io.minilogin.it.gateway.GatewayPage#withAQuestion")
  void withoutRedisTheAnswerIsNotNow(GatewayPage page) throws IOException {
    try (var connection = new KeptConnection(service.traffic())) {
      Verdicts.notNow(connection.ask(page.question().bearing(token)));
      Verdicts.tokenMissing(connection.ask(page.question().withoutAuthorization()));
      // What cannot be a token needs no Redis.
      Verdicts.tokenInvalid(connection.ask(page.question().bearing("x")));
      Verdicts.notNow(connection.ask(page.question().bearing(token)));
    }
  }
}
