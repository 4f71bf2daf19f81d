package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.specification.RequestSpecification;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * The check request of the gateway has the headers that mini-login needs, and no other header of
 * the client.
 */
interface QuestionContract {
  String TRACEPARENT = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  Stage stage();

  @Test
  default void miniLoginReceivesOnlyTheTokenAndTheIdsOfTheRequest() {
    var token = stage().client().tokenFor(code());
    var question =
        questionFor(
            stage()
                .client()
                .bearing(token)
                .header("traceparent", TRACEPARENT.substring(TRACEPARENT.indexOf('0')))
                .header("X-Request-Id", "request-7")
                .header("Cookie", "theme=dark")
                .header("Referer", "https://servicewechat.com/wx0/1/page-frame.html"));
    assertThat(question.lines())
        .anyMatch(("authorization: Bearer " + token)::equalsIgnoreCase)
        .anyMatch(TRACEPARENT::equalsIgnoreCase)
        .anyMatch("x-request-id: request-7"::equalsIgnoreCase);
    assertThat(question).doesNotContain("theme=dark", "servicewechat");
  }

  @Test
  default void missingHeadersAreNotSentEmpty() {
    var question = questionFor(stage().client().bearing(stage().client().tokenFor(code())));
    assertThat(question)
        .containsIgnoringCase("authorization: ")
        .doesNotContainIgnoringCase("traceparent")
        .doesNotContainIgnoringCase("x-request-id");
  }

  private String questionFor(RequestSpecification request) {
    var sent = new ConcurrentLinkedQueue<String>();
    stage().line().tap(sent::add);
    request.get(Stage.path()).then().statusCode(200);
    stage().line().tap(text -> {});
    return String.join("", sent);
  }
}
