package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.bean.WxMaSubscribeMessage;
import cn.binarywang.wx.miniapp.bean.security.WxMaMsgSecCheckCheckRequest;
import cn.binarywang.wx.miniapp.bean.xpay.WxMaXPayQueryOrderRequest;
import cn.binarywang.wx.miniapp.bean.xpay.WxMaXPayQueryUserBalanceRequest;
import cn.binarywang.wx.miniapp.bean.xpay.WxMaXPaySigParams;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import com.example.shop.MiniLogin;
import com.example.shop.SignedByMiniLogin;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Shared;
import io.minilogin.it.gateway.Installed;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  /** A client that may sign. */
  private static final String SHOP = "shop";

  private final Shared shared;
  private final WechatSimulator wechat;
  private final String api;

  SdkIT(Shared shared) {
    this.shared = shared;
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

    @Test
    void virtualPaymentIsSignedByTheService() throws WxErrorException {
      var request = balanceOf(loggedIn());
      var reply = shop().getWxMaXPayService().queryUserBalance(request, new SignedByMiniLogin());
      assertThat(reply.getBalance()).isEqualTo(1000);
      var order = WxMaXPayQueryOrderRequest.builder().orderId("unknown1").env(0).build();
      assertThatThrownBy(
              () -> shop().getWxMaXPayService().queryOrder(order, new SignedByMiniLogin()))
          .as("pay_sig was accepted, and the order is unknown")
          .isInstanceOfSatisfying(
              WxErrorException.class,
              e -> assertThat(e.getError().getErrorCode()).isEqualTo(268490002));
    }

    @Test
    void virtualPaymentWithoutKeysIsNotSent() {
      var request = balanceOf(loggedIn());
      assertThatThrownBy(
              () ->
                  shop()
                      .getWxMaXPayService()
                      .queryUserBalance(request, new WxMaXPaySigParams(null, "")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Empty key");
    }

    /** mini-login does not change the signatures of a caller. */
    @Test
    void virtualPaymentWithOtherKeysIsRefusedByWechat() {
      var request = balanceOf(loggedIn());
      var keys = new WxMaXPaySigParams("any session key", "any app key");
      assertThatThrownBy(() -> shop().getWxMaXPayService().queryUserBalance(request, keys))
          .isInstanceOfSatisfying(
              WxErrorException.class,
              e -> assertThat(e.getError().getErrorCode()).isEqualTo(268490003));
    }

    private static WxMaXPayQueryUserBalanceRequest balanceOf(String openid) {
      return WxMaXPayQueryUserBalanceRequest.builder()
          .openid(openid)
          .userIp("127.0.0.1")
          .env(0)
          .build();
    }

    private WxMaService shop() {
      return wxJava(true, SHOP + ":" + GatewayClient.SECRET);
    }

    private WxMaService wxJava(boolean isStable) {
      return wxJava(isStable, BackendClient.ID + ":" + BackendClient.SECRET);
    }

    private WxMaService wxJava(boolean isStable, String secret) {
      var config = new WxMaDefaultConfigImpl();
      config.setAppid(APP.appid());
      config.setSecret(secret);
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

  @Nested
  class Payments {
    private static final String SIGN_DATA =
        """
        {"offerId":"1450000001","env":1,"productId":"sword","goodsPrice":100,"buyQuantity":1,\
        "currencyType":"CNY","outTradeNo":"%s","attach":"小明"}""";

    private final String user = Codes.newUser();
    private final String openid = loggedIn(user);

    @Test
    void javaBackendSellsASword() throws Exception {
      var shop = new MiniLogin(shared.service().traffic(), SHOP, GatewayClient.SECRET);
      var outTradeNo = UUID.randomUUID().toString().replace("-", "");
      var payment = shop.payment(APP.appid(), openid, SIGN_DATA.formatted(outTradeNo));
      assertThat(pay(payment.orElseThrow())).contains("requestVirtualPayment:ok");
      var order = Map.of("openid", openid, "env", 1, "order_id", outTradeNo);
      var reply = shop.call(APP.appid(), "/xpay/query_order", order);
      assertThat(reply.at("/order/paid_fee").longValue()).isEqualTo(100);
      var balance = Map.of("openid", openid, "env", 1);
      assertThat(shop.call(APP.appid(), "/xpay/query_user_balance", balance).get("balance"))
          .hasToString("1000");
      assertThat(shop.payment(APP.appid(), "oNobody", SIGN_DATA)).isEmpty();
    }

    @Test
    void nodeBackendSellsASword() throws Exception {
      var node = Installed.program("node").toString();
      var command =
          new ProcessBuilder(
                  node,
                  "shop.js",
                  shared.service().traffic().toString(),
                  SHOP,
                  GatewayClient.SECRET,
                  "1450000001")
              .directory(Path.of("src/test/node").toFile())
              .redirectErrorStream(true);
      command.environment().put("PORT", "0");
      var process = command.start();
      try (var output = process.inputReader(UTF_8)) {
        var shop = "http://127.0.0.1:" + output.readLine().replace("port ", "");
        var payment =
            given()
                .header("X-WX-OPENID", openid)
                .header("X-WX-APPID", APP.appid())
                .post(shop + "/buy");
        assertThat(payment.statusCode()).isEqualTo(200);
        assertThat(pay(payment.jsonPath().getMap("$"))).contains("requestVirtualPayment:ok");
        var outTradeNo = new JsonPath(payment.jsonPath().getString("signData")).get("outTradeNo");
        var event = Map.of("Event", "xpay_goods_deliver_notify", "OutTradeNo", outTradeNo);
        for (int i = 0; i < 2; i++) {
          given()
              .contentType(ContentType.JSON)
              .body(event)
              .post(shop + "/events")
              .then()
              .body("ErrCode", equalTo(0));
        }
        given()
            .body(Map.of("outTradeNo", outTradeNo))
            .post(shop + "/check")
            .then()
            .body("isDelivered", equalTo(true));
        process.toHandle().destroy(); // leaves the output open
        assertThat(output.lines()).as("delivered once").containsExactly("delivered " + outTradeNo);
      } finally {
        process.destroy();
      }
    }

    /** Pays with the phone of the user. */
    private String pay(Map<String, String> payment) {
      return given()
          .contentType(ContentType.JSON)
          .body(payment)
          .post(wechat.uri() + "/simulator/virtual-payment?user=" + user)
          .asString();
    }
  }

  private String loggedIn() {
    return loggedIn(Codes.newUser());
  }

  /** Logs the user in, and returns the openid. */
  private String loggedIn(String user) {
    shared.client().tokenFor(Codes.codeOf(user));
    return wechat.openidOf(APP.appid(), user);
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
