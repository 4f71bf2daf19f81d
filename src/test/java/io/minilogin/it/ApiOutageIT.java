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

/** Calls of backends during an outage of Redis or WeChat. */
@Tag("long")
class ApiOutageIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(BackendClient.knownTo(surroundings.service()).start());
  private static final BackendClient backend = BackendClient.of(service);

  @Test
  void callsAreRefusedUntilRedisIsBack() {
    assertThat(errcode(backend.get("/echo/a"))).isZero();

    surroundings.redis().kill();
    assertProblem(backend.get("/echo/a"), 503, "store-unavailable", -1);

    surroundings.restartRedis();
    await().until(() -> backend.get("/echo/a").statusCode() == 200);
  }

  @Test
  void callsFailFastDuringAWechatOutageButLoginsAreStillTried() {
    assertThat(errcode(backend.get("/echo/failing"))).isZero();

    surroundings.wechat().provoke("/echo/failing", "close");
    IntStream.range(0, 40).forEach(i -> backend.get("/echo/failing"));
    assertProblem(backend.get("/echo/working"), 503, "wechat-busy", -1);
    var other = GatewayClient.basic(BackendClient.NARROW_ID, BackendClient.SECRET);
    var call =
        backend
            .anonymousTo("/wxa/msg_sec_check")
            .header("Authorization", other)
            .POST(BodyPublishers.ofString("{\"content\":\"a\"}"));
    assertThat(send(call).statusCode()).as("call of another client").isEqualTo(200);
    service.client().login(Codes.code()).then().statusCode(200);

    await().until(() -> backend.get("/echo/working").statusCode() == 200);
  }
}
