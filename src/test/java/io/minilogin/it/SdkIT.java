package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.bean.WxMaSubscribeMessage;
import cn.binarywang.wx.miniapp.bean.security.WxMaMsgSecCheckCheckRequest;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Shared;
import io.minilogin.it.gateway.Installed;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.chanjar.weixin.common.error.WxErrorException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Third-party SDKs call WeChat's API through the service with configuration changes only. */
@Tag("long")
@Tag("jar")
@ExtendWith(SharedService.class)
class SdkIT {
  private final WechatSimulator wechat;
  private final String api;

  SdkIT(Shared shared) {
    wechat = shared.wechat();
    api = shared.service().traffic() + "/wechat";
  }

  @Nested
  class WxJava {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void subscribeMessageIsSent(boolean isStable) throws WxErrorException {
      wxJava(isStable).getMsgService().sendSubscribeMsg(message("a-template"));
      assertThat(wechat.requests("/cgi-bin/message/subscribe/send"))
          .last()
          .satisfies(it -> assertThat(it.body()).contains("a-template"));
    }

    @Test
    void textIsChecked() throws WxErrorException {
      var question =
          WxMaMsgSecCheckCheckRequest.builder()
              .version("2")
              .scene(1)
              .openid("an-openid")
              .content("This is risky")
              .build();
      var answer = wxJava(true).getSecurityService().checkMessage(question);
      assertThat(answer.getResult().getSuggest()).isEqualTo("risky");
    }

    @Test
    void fileIsUploaded(@TempDir Path directory) throws WxErrorException, IOException {
      var file = Files.write(directory.resolve("a.png"), BackendClient.random(2_000_000));
      var upload = wxJava(true).getMediaService().uploadMedia("image", file.toFile());
      assertThat(upload.getMediaId()).isNotBlank();
      assertThat(wechat.requests("/cgi-bin/media/upload").get(0).length()).isGreaterThan(2_000_000);
    }

    @Test
    void qrCodeIsFetched() throws WxErrorException {
      var image =
          wxJava(true)
              .getQrcodeService()
              .createWxaCodeUnlimitBytes(
                  "a=1", "pages/index", false, "release", 430, true, null, false);
      assertThat(image).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void errorIsReported() {
      assertThatThrownBy(() -> wxJava(true).getMsgService().sendSubscribeMsg(message("")))
          .isInstanceOfSatisfying(
              WxErrorException.class,
              e -> assertThat(e.getError().getErrorCode()).isEqualTo(40037));
    }

    @Test
    void refusedTokenIsReplaced() throws WxErrorException {
      var sdk = wxJava(true);
      sdk.getWxMaConfig().updateAccessToken("mla_of-another-time", 7200);
      sdk.getMsgService().sendSubscribeMsg(message("after another token"));
      assertThat(sdk.getAccessToken()).startsWith("mla_").isNotEqualTo("mla_of-another-time");
    }

    @Test
    void tokenOfAnotherInstanceStaysValid() throws WxErrorException {
      var one = wxJava(false);
      var two = wxJava(true);
      var tokens = List.of(one.getAccessToken(), two.getAccessToken());
      for (int i = 0; i < 3; i++) {
        two.getAccessToken(true);
        one.getMsgService().sendSubscribeMsg(message("side by side"));
        one.getAccessToken(true);
        two.getMsgService().sendSubscribeMsg(message("side by side"));
      }
      for (var token : tokens) {
        var third = wxJava(true);
        third.getWxMaConfig().updateAccessToken(token, 7200);
        third.getMsgService().sendSubscribeMsg(message("the first ones as well"));
        assertThat(third.getAccessToken()).isEqualTo(token);
      }
      assertThat(wechat.requests("/cgi-bin/stable_token")).as("WeChat issued one token").hasSize(1);
    }

    private WxMaService wxJava(boolean isStable) {
      var config = new WxMaDefaultConfigImpl();
      config.setAppid(APP.appid());
      config.setSecret(BackendClient.ID + ":" + BackendClient.SECRET);
      config.useStableAccessToken(isStable);
      config.setApiHostUrl(api);
      var sdk = new WxMaServiceImpl();
      sdk.setWxMaConfig(config);
      return sdk;
    }

    private static WxMaSubscribeMessage message(String template) {
      return WxMaSubscribeMessage.builder().toUser("an-openid").templateId(template).build();
    }
  }

  @Test
  void coWechatApiSendsAMessage() throws IOException {
    var node = Installed.program("node");
    assumeTrue(
        Files.isDirectory(Path.of("src/test/node/node_modules")),
        "co-wechat-api is not installed (npm ci in src/test/node): it is not tested here");
    var output =
        run(
            node,
            "sdk.js",
            api,
            APP.appid(),
            URLEncoder.encode(BackendClient.ID + ":" + BackendClient.SECRET, UTF_8));
    assertThat(output).contains("{\"token\":\"mla_\",\"errcode\":0}");
    assertThat(wechat.requests("/cgi-bin/message/custom/send"))
        .singleElement()
        .satisfies(it -> assertThat(it.body()).contains("Hello"));
  }

  @Test
  void cloudRunCodeWorksWithAnotherHost() throws IOException {
    var credentials = BackendClient.ID + ":" + URLEncoder.encode(BackendClient.SECRET, UTF_8) + "@";
    var output =
        run(
            Installed.program("node"),
            "cloud-run.js",
            api.replace("http://", "http://" + credentials),
            APP.appid());
    assertThat(output).contains("\"suggest\":\"pass\"");
  }

  private static String run(Path node, String... script) throws IOException {
    var command = new ArrayList<>(List.of(node.toString()));
    command.addAll(List.of(script));
    var process =
        new ProcessBuilder(command)
            .directory(Path.of("src/test/node").toFile())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
