package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;

/** Checks that an answer does not reveal the implementation of the service. */
final class Harmless {
  private static final List<String> INNARDS =
      List.of(
          "<html",
          "<!doctype",
          "exception",
          "io.",
          "java.",
          "\tat ",
          "quarkus",
          "vert.x",
          "netty",
          "resteasy",
          "jackson",
          "jakarta");

  private Harmless() {}

  static Response harmless(Response answer) {
    assertHarmless(answer.headers() + "\n" + answer.asString());
    return answer;
  }

  static RawHttp.Answer harmless(RawHttp.Answer answer) {
    assertHarmless(answer.text());
    return answer;
  }

  private static void assertHarmless(String answer) {
    assertThat(INNARDS).noneMatch(answer.toLowerCase(Locale.ROOT)::contains);
  }
}
