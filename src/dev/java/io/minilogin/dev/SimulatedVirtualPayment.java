package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.SimulatedOrders.Order;
import io.minilogin.dev.SimulatedSignatures.Verdict;
import io.minilogin.dev.SimulatedWallets.Owner;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * {@code wx.requestVirtualPayment} on the user's phone: verifies both signatures, takes the money,
 * and pushes the event that has the goods delivered.
 */
final class SimulatedVirtualPayment {
  private static final String URI = "requestVirtualPayment";
  private static final String GOODS = "short_series_goods";
  private static final String COINS = "short_series_coin";
  private static final Pattern OUT_TRADE_NO = Pattern.compile("(?!_)[0-9A-Za-z_|*@-]{8,32}");

  private final SimulatedApps apps;
  private final SimulatedUsers users;
  private final SimulatedSignatures signatures;
  private final SimulatedWallets wallets;
  private final SimulatedOrders orders;
  private final SimulatedPush push;

  SimulatedVirtualPayment(
      SimulatedApps apps,
      SimulatedUsers users,
      SimulatedSignatures signatures,
      SimulatedWallets wallets,
      SimulatedOrders orders,
      SimulatedPush push) {
    this.apps = apps;
    this.users = users;
    this.signatures = signatures;
    this.wallets = wallets;
    this.orders = orders;
    this.push = push;
  }

  Answer pay(Request request) {
    var appid = request.first("appid").isEmpty() ? apps.first() : request.first("appid");
    var arguments = Json.parse(request.body());
    if (arguments.isEmpty() || request.first("user").isEmpty() || !apps.knows(appid)) {
      return Answer.line(400, "the parameter user or the JSON object in the body is missing");
    }
    var openid = users.openid(appid, request.first("user"));
    var mode = Json.text(arguments.get(), "mode");
    var signData = Json.text(arguments.get(), "signData");
    var order = Json.parse(signData).orElseGet(Json::object);
    var refusal = refusal(appid, openid, arguments.get(), mode, order);
    if (refusal.isPresent()) {
      return fail(refusal.getAsLong());
    }
    var env = order.path("env").asLong();
    return orders
        .add(appid, openid, Json.text(order, "outTradeNo"), env, fee(mode, order))
        .map(paid -> paid(mode, order, paid))
        .orElseGet(() -> fail(-15002));
  }

  private OptionalLong refusal(
      String appid, String openid, ObjectNode arguments, String mode, ObjectNode order) {
    var signData = Json.text(arguments, "signData");
    var env = order.path("env").asLong();
    var paySig = Json.text(arguments, "paySig");
    var verdict = signatures.verify(appid, openid, signData, Json.text(arguments, "signature"));
    return Rule.firstBroken(
        List.of(
            new Rule(!isComplete(mode, order), -15001),
            new Rule(!signatures.isPaySig(appid, env, URI, signData, paySig), -15006),
            new Rule(verdict == Verdict.NO_KEY, -15007),
            new Rule(verdict != Verdict.VALID, -15005)));
  }

  private static boolean isComplete(String mode, ObjectNode order) {
    var hasProduct =
        !Json.text(order, "productId").isEmpty() && order.path("goodsPrice").isIntegralNumber();
    return !Json.text(order, "offerId").isEmpty()
        && order.path("buyQuantity").isIntegralNumber()
        && Json.text(order, "currencyType").equals("CNY")
        && OUT_TRADE_NO.matcher(Json.text(order, "outTradeNo")).matches()
        && (mode.equals(COINS) || (mode.equals(GOODS) && hasProduct));
  }

  /** Returns the price in fen. A coin costs one fen. */
  private static long fee(String mode, ObjectNode order) {
    var price = mode.equals(GOODS) ? order.path("goodsPrice").asLong() : 1;
    return price * order.path("buyQuantity").asLong();
  }

  private Answer paid(String mode, ObjectNode order, Order paid) {
    if (mode.equals(COINS)) {
      var owner = new Owner(paid.appid(), paid.openid(), paid.env());
      wallets.add(owner, order.path("buyQuantity").asLong());
    }
    if (push.isConfigured()) {
      push.send(paid.appid(), event(mode, order, paid))
          .onSuccess(result -> deliver(paid, result.path("acknowledged").asBoolean()));
    }
    return Answer.json(Json.object().put("errMsg", URI + ":ok"));
  }

  private void deliver(Order paid, boolean isAcknowledged) {
    if (isAcknowledged) {
      orders.provide(paid.appid(), paid.outTradeNo());
    }
  }

  private ObjectNode event(String mode, ObjectNode order, Order paid) {
    var name = mode.equals(GOODS) ? "xpay_goods_deliver_notify" : "xpay_coin_pay_notify";
    var event =
        push.sender(paid.appid())
            .event(name, paid.openid())
            .put("OpenId", paid.openid())
            .put("OutTradeNo", paid.outTradeNo())
            .put("Env", paid.env());
    event
        .putObject("WeChatPayInfo")
        .put("MchOrderNo", paid.wxOrderId())
        .put("TransactionId", "4200" + paid.paidAt())
        .put("PaidTime", paid.paidAt());
    var info =
        event
            .putObject(mode.equals(GOODS) ? "GoodsInfo" : "CoinInfo")
            .put("Quantity", order.path("buyQuantity").asLong())
            .put("OrigPrice", paid.fee())
            .put("ActualPrice", paid.fee())
            .put("Attach", Json.text(order, "attach"));
    if (mode.equals(GOODS)) {
      info.put("ProductId", Json.text(order, "productId"));
    }
    return event.put("RetryTimes", 0);
  }

  private static Answer fail(long errCode) {
    var message =
        switch ((int) errCode) {
          case -15002 -> "OUT_TRADE_NO_USED";
          case -15005 -> "SIGNATURE_INVALID";
          case -15006 -> "PAY_SIG_INVALID";
          case -15007 -> "SESSION_KEY_EXPIRED";
          default -> "invalid parameter";
        };
    return Answer.json(
        Json.object().put("errMsg", URI + ":fail " + message).put("errCode", errCode));
  }
}
