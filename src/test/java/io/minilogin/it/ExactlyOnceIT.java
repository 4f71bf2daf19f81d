package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A code goes to WeChat once, however often it is posted, and everybody gets the same answer. */
@ExtendWith(SharedService.class)
class ExactlyOnceIT {
  private final Shared shared;
  private final Client client;

  ExactlyOnceIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @Test
  void twentyPostsAtOnceLeadToOneExchangeAndOneToken() {
    var code = code("delay=300");
    var posts = IntStream.range(0, 20).mapToObj(i -> Crowd.login(shared.service(), code));
    var answers = Crowd.send(posts);
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void twentyPostsAtOnceShareAFailureToo() {
    var code = code("delay=300", "close");
    var posts = IntStream.range(0, 20).mapToObj(i -> Crowd.login(shared.service(), code));
    assertThat(Crowd.send(posts)).extracting(HttpResponse::statusCode).containsOnly(502);
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void aRepeatedCodeGetsTheFirstAnswer() {
    var code = code();
    var first = client.login(code).then().statusCode(200).extract().asString();
    var second = client.login(code).then().statusCode(200).extract().asString();
    assertThat(second).isEqualTo(first);
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"errcode=40029", "errcode=45011", "errcode=-1", "close", "html"})
  void aRepeatedFailureIsTheFirstOne(String fault) {
    var code = code(fault);
    var first = client.login(code);
    var second = client.login(code);
    assertThat(withoutTraceId(second)).isEqualTo(withoutTraceId(first));
    assertThat(second.header("Retry-After")).isEqualTo(first.header("Retry-After"));
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void aCallerThatHangsUpGetsTheSessionWhenItAsksAgain() throws IOException {
    var code = code("delay=1500");
    try (var caller = new RawHttp(shared.service().traffic())) {
      caller.send(RawHttp.login(code));
      await().until(() -> shared.wechat().callsWith(code) == 1);
    }
    client.session(client.tokenFor(code)).then().statusCode(200);
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void aCodeDoesNotBringBackASessionThatWasLoggedOut() {
    var code = code();
    client.logout(client.tokenFor(code)).then().statusCode(204);
    client.login(code).then().spec(problem("code-used", 400, "login"));
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  private static Map<String, Object> withoutTraceId(Response answer) {
    var problem = answer.jsonPath().<String, Object>getMap("$");
    problem.remove("trace_id");
    return problem;
  }
}
