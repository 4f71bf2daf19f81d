package io.minilogin.it.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.gateway.KeptConnection.Answer;
import java.util.List;

/** The answers of {@code /verify} that every gateway understands. */
final class Verdicts {
  static final List<String> IDENTITY =
      List.of("X-WX-OPENID", "X-WX-APPID", "X-WX-UNIONID", "X-WX-SOURCE");

  private static final String CHALLENGE = "Bearer realm=\"mini-login\"";

  private Verdicts() {}

  /**
   * Expects status 200, no body that a gateway would have to read, and each identity header exactly
   * once. Without an identity header, the gateway would keep the header of the client.
   */
  static void accepted(Answer answer, String appid, String openid, String unionid) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.values("Content-Length")).containsExactly("0");
    assertThat(answer.values("Transfer-Encoding")).isEmpty();
    assertThat(answer.values("X-WX-OPENID")).containsExactly(openid);
    assertThat(answer.values("X-WX-APPID")).containsExactly(appid);
    assertThat(answer.values("X-WX-UNIONID")).containsExactly(unionid);
    assertThat(answer.values("X-WX-SOURCE")).containsExactly("wx_client");
    assertThat(answer.values("Cache-Control")).containsExactly("no-store");
  }

  static void tokenMissing(Answer answer) {
    refused(answer, 401, "token-missing");
    assertThat(answer.values("WWW-Authenticate")).containsExactly(CHALLENGE);
  }

  static void tokenInvalid(Answer answer) {
    refused(answer, 401, "token-invalid");
    assertThat(answer.values("WWW-Authenticate"))
        .containsExactly(CHALLENGE + ", error=\"invalid_token\"");
  }

  static void ambiguous(Answer answer) {
    refused(answer, 400, "invalid-request");
  }

  private static void refused(Answer answer, int status, String problem) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("Content-Type")).containsExactly("application/problem+json");
    assertThat(answer.values("Cache-Control")).containsExactly("no-store");
    assertThat(answer.body())
        .startsWith("{\"type\":\"urn:mini-login:problem:" + problem + "\"")
        .endsWith("}");
    assertThat(IDENTITY).allSatisfy(name -> assertThat(answer.values(name)).isEmpty());
  }
}
