package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;

import io.minilogin.it.SharedService.Shared;
import io.minilogin.it.gateway.KeptConnection.Answer;
import java.io.IOException;
import java.net.URI;

/** A logged-in user for whom gateways send checks. */
record Asker(Shared shared, String user, String token) {
  /** Returns a new user. */
  static Asker of(Shared shared) {
    var user = newUser();
    return new Asker(shared, user, shared.client().tokenFor(codeOf(user)));
  }

  URI service() {
    return shared.client().traffic();
  }

  /** Returns the minimal check request. */
  Question question() {
    return Question.bare(token);
  }

  String openid() {
    return shared.wechat().openidOf(APP.appid(), user);
  }

  String unionid() {
    return shared.wechat().unionidOf(user);
  }

  /** Expects an answer with the identity of this user. */
  void accepted(Answer answer) {
    Verdicts.accepted(answer, APP.appid(), openid(), unionid());
  }

  /** Expects that nothing but the token affects the answers to this request and to the next one. */
  void judgedByTheTokenAlone(Question odd) throws IOException {
    try (var connection = new KeptConnection(service())) {
      accepted(connection.ask(odd));
      Verdicts.tokenMissing(connection.ask(odd.withoutAuthorization()));
      accepted(connection.ask(odd));
    }
  }
}
