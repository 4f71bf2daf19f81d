package io.minilogin.it;

import static io.minilogin.it.BackendClient.errcode;
import static io.minilogin.it.BackendClient.random;
import static io.minilogin.it.BackendClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import io.minilogin.dev.WechatSimulator.Request;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of backends' calls when WeChat refuses the access token. */
class ApiTokenIT {
  private static final int MEGABYTE = 1024 * 1024;

  /** Among them the one that the clients' settings name. */
  private static final List<App> APPS = Surroundings.TWENTY_APPS;

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.of(APPS));
  private static final WechatSimulator wechat = surroundings.wechat();
  private static final List<ServiceProcess> services =
      started.addAll(
          BackendClient.knownTo(surroundings.serviceOf(APPS)),
          BackendClient.knownTo(surroundings.serviceOf(APPS)));
  private static final BackendClient backend = BackendClient.of(services.get(0));
  private static final Iterator<App> apps = APPS.iterator();

  /** Each test has an app of its own, and so an access token; and a path. */
  private final String appid = apps.next().appid();

  private final String path = "/echo/" + UUID.randomUUID();
  private final String target = path + "?from_appid=" + appid;

  @ParameterizedTest
  @ValueSource(ints = {40001, 40014, 42001})
  void theTokenIsReplacedAndTheCallMadeOnceMore(int errcode) {
    wechat.provoke(path, "errcode=" + errcode + ".count=1");
    assertThat(errcode(backend.post(target, "{\"a\":1}"))).isZero();
    assertThat(wechat.requests(path))
        .extracting(Request::body)
        .containsExactly("{\"a\":1}", "{\"a\":1}");
  }

  @Test
  void itIsNotReplacedTwice() {
    wechat.provoke(path, "errcode=42001");
    assertThat(errcode(backend.post(target, "{}"))).isEqualTo(42001);
    assertThat(wechat.requests(path)).hasSize(2);
  }

  @Test
  void itIsDroppedAlsoIfTheCallCannotBeRepeated() {
    backend.get(target);
    wechat.expireAccessToken(appid);
    var upload = "/echo/" + UUID.randomUUID();
    var body = BodyPublishers.ofByteArray(random(2 * MEGABYTE));
    assertThat(errcode(send(backend.to(upload + "?from_appid=" + appid).POST(body))))
        .isEqualTo(42001);
    assertThat(wechat.requests(upload)).hasSize(1);

    assertThat(errcode(backend.get(target))).as("with another token").isZero();
    assertThat(wechat.requests(path)).as("at once").hasSize(2);
  }

  @Test
  void itIsReplacedAlsoWhenAnImageWasExpected() {
    backend.get(target);
    wechat.expireAccessToken(appid);
    var image = backend.post("/wxa/getwxacodeunlimit?from_appid=" + appid, "{\"scene\":\"a\"}");
    assertThat(image.body()).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void aTokenThatCannotBeHadIsAProblemThatSdksRepeat() {
    wechat.provoke("/cgi-bin/stable_token", "errcode=40125");
    try {
      BackendClient.assertProblem(backend.get(target), 502, "app-misconfigured", -1);
    } finally {
      wechat.provoke("/cgi-bin/stable_token", "");
    }
  }

  @Tag("long")
  @Test
  void aThousandCallsAtOnceOverTwoInstancesShareOneRefresh() {
    assertThat(errcode(backend.get(target))).isZero();
    wechat.expireAccessToken(appid);

    var calls =
        IntStream.range(0, 1000)
            .mapToObj(i -> BackendClient.of(services.get(i % 2)).to(target).build())
            .toList();
    assertThat(BackendClient.sendAll(calls)).allMatch(reply -> errcode(reply) == 0).hasSize(1000);
    assertThat(wechat.requests("/cgi-bin/stable_token"))
        .filteredOn(it -> it.body().contains(appid))
        .as("the first, and one more")
        .hasSize(2);
  }

  @Test
  @Tag("long")
  void aFloodOfCallsNeverDelaysALogin() {
    // As many as may be under way and wait, and more.
    List<HttpRequest> flood =
        IntStream.range(0, 1500)
            .mapToObj(i -> backend.to(target + "&simulate=delay:3000").build())
            .toList();
    var flooded = CompletableFuture.supplyAsync(() -> BackendClient.sendAll(flood));
    for (int i = 0; i < 50; i++) {
      services.get(0).client().login(Codes.code(), appid).then().statusCode(200);
    }
    assertThat(flooded.join())
        .extracting(BackendClient::errcode)
        .as("some have passed, some have found no room")
        .contains(0, -1)
        .containsOnly(0, -1);
  }
}
