package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;

import io.minilogin.it.SharedService.Shared;
import io.minilogin.it.gateway.KeptConnection.Answer;
import java.io.IOException;
import java.net.URI;

/** A user who is logged in, on whose behalf gateways ask. */
record Asker(Shared shared, String user, String token) {
  /** A new one. */
  static Asker of(Shared shared) {
    var user = newUser();
    return new Asker(shared, user, shared.client().tokenFor(codeOf(user)));
  }

  URI service() {
    return shared.client().traffic();
  }

  /** The least that can be asked. */
  Question question() {
    return Question.bare(token);
  }

  String openid() {
    return shared.wechat().openidOf(APP.appid(), user);
  }

  String unionid() {
    return shared.wechat().unionidOf(user);
  }

  /** The answer must give this user's identity. */
  void accepted(Answer answer) {
    Verdicts.accepted(answer, APP.appid(), openid(), unionid());
  }

  /** Whatever is odd about this question must matter neither to it nor to the next one. */
  void judgedByTheTokenAlone(Question odd) throws IOException {
    try (var connection = new KeptConnection(service())) {
      accepted(connection.ask(odd));
      Verdicts.tokenMissing(connection.ask(odd.withoutAuthorization()));
      accepted(connection.ask(odd));
    }
  }
}
