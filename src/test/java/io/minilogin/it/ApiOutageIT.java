package io.minilogin.it;

import static io.minilogin.it.BackendClient.assertProblem;
import static io.minilogin.it.BackendClient.errcode;
import static io.minilogin.it.BackendClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backends' calls while Redis or WeChat is away, or no client is configured. */
@Tag("long")
class ApiOutageIT {
  @RegisterExtension private final Started started = new Started();
  private final Surroundings surroundings = started.add(Surroundings.start());

  @Test
  void withoutRedisACallIsRefusedUntilItIsThereAgain() {
    var backend =
        BackendClient.of(started.add(BackendClient.knownTo(surroundings.service()).start()));
    assertThat(errcode(backend.get("/echo/a"))).isZero();

    surroundings.redis().kill();
    assertProblem(backend.get("/echo/a"), 503, "store-unavailable", -1);

    surroundings.restartRedis();
    await().until(() -> backend.get("/echo/a").statusCode() == 200);
  }

  @Test
  void whileWechatIsAwayCallsAreRefusedAtOnceAndLoginsAreTriedAllTheSame() {
    var service = started.add(BackendClient.knownTo(surroundings.service()).start());
    var backend = BackendClient.of(service);
    assertThat(errcode(backend.get("/echo/a"))).isZero();

    surroundings.wechat().provoke("/echo/a", "close");
    IntStream.range(0, 40).forEach(i -> backend.get("/echo/a"));
    assertProblem(backend.get("/echo/b"), 503, "wechat-busy", -1);
    service.client().login(Codes.code()).then().statusCode(200);

    await().until(() -> backend.get("/echo/b").statusCode() == 200);
  }

  @Test
  void withoutClientsThereIsNothing() {
    var backend = BackendClient.of(started.add(surroundings.service().start()));
    assertProblem(send(backend.anonymousTo("/wxa/x")), 404, "not-found", 48001);
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/stable_token").POST(BodyPublishers.ofString("{}"))),
        404,
        "not-found",
        48001);
  }
}
