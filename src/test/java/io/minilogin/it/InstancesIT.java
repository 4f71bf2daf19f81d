package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Instances on one Redis are one service: a code is sent by one of them, sessions belong to all.
 */
class InstancesIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final List<ServiceProcess> services =
      started.addAll(surroundings.service(), surroundings.service(), surroundings.service());
  private static final ServiceProcess one = services.get(0);
  private static final ServiceProcess two = services.get(1);
  private static final ServiceProcess dying = services.get(2);

  @Test
  void postsToTwoInstancesLeadToOneExchangeAndOneToken() {
    for (var fault : new String[] {"delay=300", "delay=0", "errcode=40029"}) {
      var code = code(fault);
      var posts = IntStream.range(0, 20).mapToObj(i -> Crowd.login(i % 2 == 0 ? one : two, code));
      var answers = Crowd.send(posts);
      assertThat(Crowd.kinds(answers)).hasSize(1);
      if (answers.get(0).statusCode() == 200) {
        assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
      }
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    }
  }

  @Test
  void aSessionOpenedByOneIsKnownToTheOther() {
    var token = one.client().tokenFor(code());
    two.client().session(token).then().statusCode(200);
    two.client().logout(token).then().statusCode(204);
    one.client().session(token).then().statusCode(401);
  }

  @Test
  void whenTheInstanceThatSentTheCodeDiesTheOtherDoesNotSendItAgain() {
    var code = code("delay=2500");
    Crowd.send(Crowd.login(dying, code));
    await().until(() -> surroundings.wechat().callsWith(code) == 1);
    var watch = Stopwatch.start();
    var answer = Crowd.send(Crowd.login(one, code));
    dying.kill();
    assertThat(answer.join().statusCode()).isEqualTo(504);
    assertThat(answer.join().body()).contains("urn:mini-login:problem:wechat-timeout");
    assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(5));
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }
}
