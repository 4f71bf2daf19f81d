package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A service that says it is ready has gone its ways before, and has told nobody. */
class WarmUpIT {
  private static final int CROWD = 200;

  @Test
  void nobodyIsToldAndTheFirstLoginsMayComeAllAtOnce() {
    try (var surroundings = Surroundings.start();
        var service = surroundings.service().start();
        var redis = new RedisConnection(surroundings.redis())) {
      service
          .client()
          .ready()
          .then()
          .statusCode(200)
          .body("checks.name", hasItem("warm-up"))
          .body("checks.status", everyItem(is("UP")));
      assertThat(surroundings.wechat().calls()).isEmpty();
      assertThat(redis.keys("*")).isEmpty();
      assertThat(service.client().metrics()).doesNotContain("mini_login_logins_total{");

      var answers =
          Crowd.send(IntStream.range(0, CROWD).mapToObj(i -> Crowd.login(service, code())));
      assertThat(Crowd.kinds(answers)).containsOnlyKeys("200");
    }
  }
}
