package io.minilogin.dev;

import static io.minilogin.dev.SimulatedSignatures.sign;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events of the simulated WeChat, and the payment that causes one, with a stand-in service. */
class SimulatedPushTest {
  private record Arrived(URI target, String contentType, String body) {}

  private final WechatSimulator wechat = WechatSimulator.start(SHOP);
  private final WechatCaller caller = new WechatCaller(wechat);
  private final String openid = wechat.openidOf(SHOP.appid(), "alice");
  private final PushCipher cipher = new PushCipher(SHOP.appid(), SHOP.keys().pushAesKey());
  private final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
  private volatile String reply = "success";
  private HttpServer service;

  @BeforeEach
  void start() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext("/", this::take);
    service.start();
    wechat.sendEventsTo(URI.create("http://127.0.0.1:" + service.getAddress().getPort()));
  }

  @AfterEach
  void close() {
    service.stop(0);
    wechat.close();
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    var contentType = exchange.getRequestHeaders().getFirst("Content-Type");
    arrived.add(new Arrived(exchange.getRequestURI(), contentType, body));
    var failure = failures.poll();
    var bytes = reply.getBytes(UTF_8);
    exchange.sendResponseHeaders(failure == null ? 200 : failure, bytes.length);
    try (var response = exchange.getResponseBody()) {
      response.write(bytes);
    }
  }

  @Nested
  class Events {
    @ParameterizedTest
    @CsvSource({
      "safe, json, application/json",
      "safe, xml, text/xml",
      "mixed, json, application/json",
      "plain, xml, text/xml"
    })
    void eventArrivesInItsModeAndFormat(String mode, String format, String contentType)
        throws Exception {
      var result = push("\"mode\":\"%s\",\"format\":\"%s\"".formatted(mode, format));
      assertThat(result.get("acknowledged").booleanValue()).isTrue();
      assertThat(result.at("/attempts/0/body").textValue()).isEqualTo("success");
      var push = arrived.remove();
      assertThat(push.target().getPath()).isEqualTo("/push/" + SHOP.appid());
      assertThat(push.contentType()).isEqualTo(contentType);
      var envelope = PushMessage.read(push.body());
      assertThat(envelope.has("Event")).isEqualTo(!mode.equals("safe"));
      var event =
          mode.equals("plain") ? envelope : PushMessage.read(cipher.decrypt(encrypted(push)));
      assertThat(event.get("Event").textValue()).isEqualTo("user_authorization_cancellation");
      assertThat(event.get("OpenID").textValue()).isEqualTo(openid);
      assertThat(event.get("RevokeInfo").textValue()).isEqualTo("1");
    }

    @Test
    void failedEventIsSentAgainUntilItIsAcknowledged() throws Exception {
      failures.addAll(List.of(502, 503));
      assertThat(push("").get("attempts"))
          .extracting(each -> each.get("status").intValue())
          .containsExactly(502, 503, 200);
      assertThat(arrived).hasSize(3).extracting(Arrived::body).containsOnly(arrived.peek().body());
    }

    @Test
    void eventIsSentThreeTimesAtMost() throws Exception {
      failures.addAll(List.of(500, 500, 500, 500));
      var result = push("");
      assertThat(result.get("acknowledged").booleanValue()).isFalse();
      assertThat(result.get("attempts")).hasSize(3);
      assertThat(arrived).hasSize(3);
    }

    @Test
    void encryptedReplyIsDecryptedAndItsErrorRepeatsTheEvent() throws Exception {
      var encrypted = cipher.encrypt(new byte[16], "{\"ErrCode\":1}");
      var token = SHOP.keys().pushToken();
      reply =
          """
          {"Encrypt":"%s","MsgSignature":"%s","TimeStamp":1,"Nonce":"2"}"""
              .formatted(encrypted, PushSender.signature(token, "1", "2", encrypted));
      var result = push("");
      assertThat(result.get("attempts")).hasSize(3);
      assertThat(result.at("/attempts/2/body").textValue()).isEqualTo("{\"ErrCode\":1}");
    }

    @Test
    void malformedRequestsAreExplained() throws Exception {
      assertThat(caller.post("/simulator/push", "{}").statusCode()).isEqualTo(400);
      assertThat(caller.post("/simulator/push", "{\"event\":\"e\",\"mode\":\"odd\"}").statusCode())
          .isEqualTo(400);
      assertThat(caller.get("/simulator/push").statusCode()).isEqualTo(400);
    }

    private JsonNode push(String more) throws Exception {
      return json(
          caller.post(
              "/simulator/push",
              """
              {"event":"user_authorization_cancellation","user":"alice",\
              "fields":{"RevokeInfo":"1"}%s}"""
                  .formatted(more.isEmpty() ? "" : "," + more)));
    }
  }

  @Nested
  class Payments {
    private static final String GOODS =
        """
        {"offerId":"1450000001","buyQuantity":2,"env":0,"currencyType":"CNY","productId":"sword",\
        "goodsPrice":100,"outTradeNo":"order-0001","attach":"a"}""";

    @Test
    void paymentHasTheGoodsDelivered() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      assertThat(pay(GOODS, key).get("errMsg").textValue()).isEqualTo("requestVirtualPayment:ok");
      await().until(() -> !arrived.isEmpty());
      var event = PushMessage.read(cipher.decrypt(encrypted(arrived.remove())));
      assertThat(event.get("Event").textValue()).isEqualTo("xpay_goods_deliver_notify");
      assertThat(event.get("OpenId").textValue()).isEqualTo(openid);
      assertThat(event.get("OutTradeNo").textValue()).isEqualTo("order-0001");
      assertThat(event.at("/GoodsInfo/ActualPrice").longValue()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(order().at("/order/status").intValue()).isEqualTo(4));
    }

    @Test
    void paymentThatIsNotDeliveredStaysPaid() throws Exception {
      failures.addAll(List.of(500, 500, 500));
      pay(GOODS, caller.login(SHOP, "alice.1"));
      await().until(() -> arrived.size() == 3);
      assertThat(order().at("/order/status").intValue()).isEqualTo(2);
      var body = "{\"env\":0,\"order_id\":\"order-0001\"}";
      assertThat(errcode(xpay("/xpay/notify_provide_goods", body))).isZero();
      assertThat(order().at("/order/status").intValue()).isEqualTo(4);
    }

    @Test
    void boughtCoinsAreInTheBalance() throws Exception {
      var coins =
          """
          {"offerId":"1450000001","buyQuantity":50,"env":0,"currencyType":"CNY",\
          "outTradeNo":"coins-0001"}""";
      var key = caller.login(SHOP, "alice.1");
      assertThat(pay("short_series_coin", coins, paySig(coins), sign(key, coins)).has("errCode"))
          .isFalse();
      var body = "{\"openid\":\"%s\",\"env\":0}".formatted(openid);
      var path = "/xpay/query_user_balance";
      var target =
          WechatCaller.target(
              path,
              "access_token",
              caller.accessToken(SHOP),
              "pay_sig",
              sign(SHOP.keys().payment(), path + "&" + body),
              "signature",
              sign(key, body));
      assertThat(json(caller.post(target, body)).get("balance").longValue()).isEqualTo(1050);
    }

    @Test
    void eachWrongPartHasItsErrCode() throws Exception {
      assertThat(errCode(pay(GOODS, "any key"))).as("no session key").isEqualTo(-15007);
      var stale = caller.login(SHOP, "alice.1");
      var key = caller.login(SHOP, "alice.2");
      assertThat(errCode(pay(GOODS, stale))).isEqualTo(-15005);
      assertThat(errCode(pay("short_series_goods", GOODS, "wrong", sign(key, GOODS))))
          .isEqualTo(-15006);
      var withoutPrice = GOODS.replace("\"goodsPrice\":100,", "");
      assertThat(errCode(pay(withoutPrice, key))).isEqualTo(-15001);
      var badNumber = GOODS.replace("order-0001", "_order-0001");
      assertThat(errCode(pay(badNumber, key))).isEqualTo(-15001);
      assertThat(pay(GOODS, key).has("errCode")).isFalse();
      assertThat(errCode(pay(GOODS, key))).as("used number").isEqualTo(-15002);
    }

    private JsonNode pay(String signData, String key) throws Exception {
      return pay("short_series_goods", signData, paySig(signData), sign(key, signData));
    }

    private JsonNode pay(String mode, String signData, String paySig, String signature)
        throws Exception {
      var arguments =
          Json.object()
              .put("mode", mode)
              .put("signData", signData)
              .put("paySig", paySig)
              .put("signature", signature);
      return json(caller.post("/simulator/virtual-payment?user=alice", arguments.toString()));
    }

    private JsonNode order() throws Exception {
      return xpay("/xpay/query_order", "{\"env\":0,\"order_id\":\"order-0001\"}");
    }

    private JsonNode xpay(String path, String body) throws Exception {
      var paySig = sign(SHOP.keys().payment(), path + "&" + body);
      var token = caller.accessToken(SHOP);
      return json(
          caller.post(WechatCaller.target(path, "access_token", token, "pay_sig", paySig), body));
    }

    private static String paySig(String signData) {
      return sign(SHOP.keys().payment(), "requestVirtualPayment&" + signData);
    }

    private static int errCode(JsonNode answer) {
      return answer.get("errCode").intValue();
    }
  }

  @Test
  void simulatedBackendTakesEvents() throws Exception {
    assertThat(caller.post("/simulator/backend/events", "{\"Event\":\"e\"}").body())
        .isEqualTo("success");
    assertThat(
            caller
                .post("/simulator/backend/events", "{\"Event\":\"xpay_goods_deliver_notify\"}")
                .body())
        .isEqualTo("{\"ErrCode\":0,\"ErrMsg\":\"success\"}");
    assertThat(json(caller.get("/simulator/backend/taken")).get("events")).hasSize(2);
  }

  private static String encrypted(Arrived push) {
    return PushMessage.read(push.body()).get("Encrypt").textValue();
  }
}
