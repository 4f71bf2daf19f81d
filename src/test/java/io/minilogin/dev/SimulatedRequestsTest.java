package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.WechatSimulator.Request;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedRequestsTest {
  private static final int REMEMBERED = 64 * 1024;

  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(SHOP);
  private final WechatCaller caller = new WechatCaller(wechat);

  @Test
  void requestIsRecordedCompletely() throws Exception {
    caller.send(
        "PUT", "/a%2Fb?x=%26&x=2", BodyPublishers.ofString("小明"), "X-One", "1", "x-ONE", "2");
    var request = remembered("/a%2Fb");
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.rawQuery()).isEqualTo("x=%26&x=2");
    assertThat(request.query().get("x")).containsExactly("&", "2");
    assertThat(request.headers().get("x-one")).containsExactly("1", "2");
    assertThat(request.body()).isEqualTo("小明");
    assertThat(request.length()).isEqualTo(6);
    assertThat(request.sha256()).isEqualTo(Sha256.hex("小明".getBytes(UTF_8)));
  }

  @Test
  void requestWithoutAQueryOrABodyIsRecordedWithEmptyOnes() throws Exception {
    caller.get("/a");
    var request = remembered("/a");
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.rawQuery()).isEmpty();
    assertThat(request.body()).isEmpty();
    assertThat(request.length()).isZero();
    assertThat(request.sha256()).startsWith("e3b0c44298fc1c14");
  }

  @Test
  void onlyLengthAndHashOfALargeBodyAreRecorded() throws Exception {
    var text = "a".repeat(REMEMBERED + 1);
    caller.post("/a", text);
    assertThat(remembered("/a").body()).isEmpty();
    assertThat(remembered("/a").length()).isEqualTo(REMEMBERED + 1);
    assertThat(remembered("/a").sha256()).isEqualTo(Sha256.hex(text.getBytes(UTF_8)));
    caller.post("/b", text.substring(1));
    assertThat(remembered("/b").body()).hasSize(REMEMBERED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "GET"})
  void bodyWithoutAContentLengthIsRejectedUnreadForAnyMethod(String method) throws Exception {
    var response = caller.send(method, "/a", WechatCaller.chunked("{}"));
    assertThat(response.statusCode()).isEqualTo(412);
    assertThat(response.body()).isEmpty();
    assertThat(remembered("/a").method()).isEqualTo(method);
    assertThat(remembered("/a").length()).isZero();
  }

  private Request remembered(String path) {
    var requests = wechat.requests(path);
    assertThat(requests).hasSize(1);
    return requests.get(0);
  }
}
