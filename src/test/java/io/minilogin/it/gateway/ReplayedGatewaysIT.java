package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.SharedService;
import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gateways that no test runs: the check request of each page is sent byte for byte, and the gateway
 * must be able to understand the answer.
 */
@ExtendWith(SharedService.class)
class ReplayedGatewaysIT {
  private static final String PAGES = "io.minilogin.it.gateway.GatewayPage#withAQuestion";
  private static final String UNKNOWN_TOKEN = "mlt_" + "A".repeat(43);
  private static final List<String> METHODS =
      List.of(
          "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "DANCE");

  private final Shared shared;
  private final URI service;
  private final Asker asker;

  ReplayedGatewaysIT(Shared shared) {
    this.shared = shared;
    this.service = shared.client().traffic();
    this.asker = Asker.of(shared);
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void validTokenIsAnsweredWithTheIdentityAndWithoutBody(GatewayPage page) throws IOException {
    asker.accepted(KeptConnection.ask(service, page.question().bearing(asker.token())));
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void unknownUnionidIsAnEmptyHeader(GatewayPage page) throws IOException {
    var user = newUser();
    var token = shared.client().tokenFor(codeOf(user, "no-unionid"));
    var answer = KeptConnection.ask(service, page.question().bearing(token));
    Verdicts.accepted(answer, APP.appid(), shared.wechat().openidOf(APP.appid(), user), "");
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void missingTokenIsRefusedWithAChallenge(GatewayPage page) throws IOException {
    Verdicts.tokenMissing(KeptConnection.ask(service, page.question().withoutAuthorization()));
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void unknownTokenIsRefusedWithAChallenge(GatewayPage page) throws IOException {
    Verdicts.tokenInvalid(KeptConnection.ask(service, page.question().bearing(UNKNOWN_TOKEN)));
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void twoTokensAreRefused(GatewayPage page) throws IOException {
    var question = page.question().bearing(asker.token());
    var asOneHeader = page.question().bearing(asker.token() + ",Bearer " + asker.token());
    Verdicts.ambiguous(KeptConnection.ask(service, question.withTwoAuthorizations()));
    Verdicts.ambiguous(KeptConnection.ask(service, asOneHeader));
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void connectionIsKeptAliveAfterEveryAnswer(GatewayPage page) throws IOException {
    var question = page.question();
    var somebodyElse = shared.client().tokenFor(code());
    try (var connection = new KeptConnection(service)) {
      asker.accepted(connection.ask(question.bearing(asker.token())));
      assertThat(connection.ask(question.bearing(somebodyElse)).status()).isEqualTo(200);
      Verdicts.tokenInvalid(connection.ask(question.bearing(UNKNOWN_TOKEN)));
      Verdicts.ambiguous(connection.ask(question.bearing(asker.token()).withTwoAuthorizations()));
      Verdicts.tokenMissing(connection.ask(question.withoutAuthorization()));
      asker.accepted(connection.ask(question.bearing(asker.token())));
    }
  }

  @ParameterizedTest
  @MethodSource(PAGES)
  void methodIsIgnored(GatewayPage page) throws IOException {
    try (var connection = new KeptConnection(service)) {
      for (var method : METHODS) {
        var question = page.question().withMethod(method);
        asker.accepted(connection.ask(question.bearing(asker.token())));
        assertThat(connection.ask(question.withoutAuthorization()).status()).isEqualTo(401);
      }
    }
  }
}
