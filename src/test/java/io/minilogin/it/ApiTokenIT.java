package io.minilogin.it;

import static io.minilogin.it.BackendClient.errcode;
import static io.minilogin.it.BackendClient.random;
import static io.minilogin.it.BackendClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.Request;
import io.minilogin.it.SharedService.Instances;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of backends whose access token WeChat refuses. */
@ExtendWith(SharedService.class)
class ApiTokenIT {
  private static final int MEGABYTE = 1024 * 1024;

  private final WechatSimulator wechat;
  private final BackendClient backend;

  /** Each test uses its own app, its own access token and its own path. */
  private final String appid = Instances.unusedApp().appid();

  private final String path = "/echo/" + UUID.randomUUID();
  private final String target = path + "?from_appid=" + appid;

  ApiTokenIT(Instances instances) {
    wechat = instances.wechat();
    backend = BackendClient.of(instances.one());
  }

  @ParameterizedTest
  @ValueSource(ints = {40001, 40014, 42001})
  void refusedTokenIsReplacedAndTheCallIsRetriedOnce(int errcode) {
    wechat.provoke(path, "errcode=" + errcode + ".count=1");
    assertThat(errcode(backend.post(target, "{\"a\":1}"))).isZero();
    assertThat(wechat.requests(path))
        .extracting(Request::body)
        .containsExactly("{\"a\":1}", "{\"a\":1}");
  }

  @Test
  void tokenIsReplacedOnlyOncePerCall() {
    wechat.provoke(path, "errcode=42001");
    assertThat(errcode(backend.post(target, "{}"))).isEqualTo(42001);
    assertThat(wechat.requests(path)).hasSize(2);
  }

  @Test
  void pathThatRefusesEveryTokenDoesNotAffectOtherPaths() {
    var others = "/echo/" + UUID.randomUUID() + "?from_appid=" + appid;
    wechat.provoke(path, "errcode=40001");
    for (int i = 0; i < 10; i++) {
      assertThat(errcode(backend.post(target, "{}"))).isEqualTo(40001);
      assertThat(errcode(backend.get(others))).as("call of another path").isZero();
    }
    assertThat(wechat.requests("/cgi-bin/stable_token"))
        .filteredOn(call -> call.body().contains(appid) && call.body().contains("true"))
        .as("forced refreshes")
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusedTokenIsDroppedEvenIfTheCallCannotBeRetried(boolean isChunked) {
    backend.get(target);
    wechat.expireAccessToken(appid);
    var upload = "/echo/" + UUID.randomUUID();
    var bytes = random(MEGABYTE + 1);
    var body =
        isChunked
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))
            : BodyPublishers.ofByteArray(bytes);
    assertThat(errcode(send(backend.to(upload + "?from_appid=" + appid).POST(body))))
        .isEqualTo(42001);
    assertThat(wechat.requests(upload)).hasSize(1);

    assertThat(errcode(backend.get(target))).as("call with another token").isZero();
    assertThat(wechat.requests(path)).as("the call is repeated at once").hasSize(2);
  }

  @Test
  void refusedTokenIsReplacedWhenAnImageIsExpected() {
    backend.get(target);
    wechat.expireAccessToken(appid);
    var image = backend.post("/wxa/getwxacodeunlimit?from_appid=" + appid, "{\"scene\":\"a\"}");
    assertThat(image.body()).startsWith(0x89, 'P', 'N', 'G');
  }
}
