package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.SimulatedSignatures.Verdict;
import io.minilogin.dev.SimulatedWallets.Owner;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * Virtual payment of mini programs, {@code POST /xpay/…}. Three calls are signed with the user's
 * session key and the app's payment key, all others with the payment key only.
 */
final class SimulatedXpay {
  private static final String PATHS = "/xpay/";

  private static final int BAD_PARAMETER = 268490002;
  private static final int WRONG_SIGNATURE = 268490003;

  private final SimulatedUsers users;
  private final SimulatedSignatures signatures;
  private final SimulatedWallets wallets;
  private final SimulatedOrders orders;
  private final SimulatedReplies replies;

  SimulatedXpay(
      SimulatedUsers users,
      SimulatedSignatures signatures,
      SimulatedWallets wallets,
      SimulatedOrders orders,
      SimulatedReplies replies) {
    this.users = users;
    this.signatures = signatures;
    this.wallets = wallets;
    this.orders = orders;
    this.replies = replies;
  }

  /** Returns the calls by their paths. */
  Map<String, CallOfApp> calls() {
    return Map.of(
        PATHS + "query_user_balance", signedByUser((owner, body) -> balance(owner)),
        PATHS + "currency_pay", signedByUser(this::pay),
        PATHS + "cancel_currency_pay", signedByUser(this::cancel),
        PATHS + "query_order", signedByApp(this::order),
        PATHS + "notify_provide_goods", signedByApp(this::provideGoods));
  }

  /** Returns the call for all other paths: below {@code /xpay/} it must be signed. */
  CallOfApp others(CallOfApp echo) {
    return (appid, request) ->
        request.path().startsWith(PATHS)
            ? signedByApp((owner, body) -> echo.answer(appid, request)).answer(appid, request)
            : echo.answer(appid, request);
  }

  private CallOfApp signedByApp(BiFunction<Owner, ObjectNode, Answer> call) {
    return signed(false, call);
  }

  private CallOfApp signedByUser(BiFunction<Owner, ObjectNode, Answer> call) {
    return signed(true, call);
  }

  private CallOfApp signed(boolean byUser, BiFunction<Owner, ObjectNode, Answer> call) {
    return (appid, request) ->
        replies.toJson(
            request,
            body -> {
              var openid = Json.text(body, "openid");
              var owner = new Owner(appid, openid, body.path("env").asLong());
              return replies.unless(refusal(owner, request, byUser), () -> call.apply(owner, body));
            });
  }

  private OptionalLong refusal(Owner owner, Request request, boolean byUser) {
    var isPaySig =
        signatures.isPaySig(
            owner.appid(), owner.env(), request.path(), request.body(), request.first("pay_sig"));
    if (!byUser) {
      return Rule.firstBroken(List.of(new Rule(!isPaySig, WRONG_SIGNATURE)));
    }
    var verdict =
        signatures.verify(
            owner.appid(), owner.openid(), request.body(), request.first("signature"));
    return Rule.firstBroken(
        List.of(
            new Rule(owner.openid().isEmpty(), BAD_PARAMETER),
            new Rule(!users.isUserOf(owner.appid(), owner.openid()), 268490001),
            new Rule(!isPaySig, WRONG_SIGNATURE),
            new Rule(verdict == Verdict.WRONG, WRONG_SIGNATURE),
            new Rule(verdict != Verdict.VALID, 268490009)));
  }

  private Answer balance(Owner owner) {
    var balance = wallets.balance(owner);
    return Answer.json(
        Json.ok()
            .put("balance", balance)
            .put("present_balance", 0)
            .put("sum_save", SimulatedWallets.START)
            .put("sum_present", 0)
            .put("sum_balance", SimulatedWallets.START)
            .put("sum_cost", SimulatedWallets.START - balance)
            .put("first_save_flag", false));
  }

  private Answer pay(Owner owner, ObjectNode body) {
    var order = Json.text(body, "order_id");
    return replies.unless(
        refusal(wallets.pay(owner, order, body.path("amount").asLong())),
        () ->
            Answer.json(
                Json.ok()
                    .put("order_id", order)
                    .put("balance", wallets.balance(owner))
                    .put("used_present_amount", 0)));
  }

  private Answer cancel(Owner owner, ObjectNode body) {
    var order = Json.text(body, "order_id");
    var paid = Json.text(body, "pay_order_id");
    return replies.unless(
        refusal(wallets.cancel(owner, paid, order, body.path("amount").asLong())),
        () -> Answer.json(Json.ok().put("order_id", order)));
  }

  private Answer order(Owner owner, ObjectNode body) {
    return orders
        .find(owner.appid(), Json.text(body, "order_id"))
        .map(order -> Json.ok().<ObjectNode>set("order", order.json()))
        .map(Answer::json)
        .orElseGet(() -> replies.error(BAD_PARAMETER, SimulatedCode.SILENT));
  }

  private Answer provideGoods(Owner owner, ObjectNode body) {
    return orders.provide(owner.appid(), Json.text(body, "order_id"))
        ? Answer.json(Json.ok())
        : replies.error(BAD_PARAMETER, SimulatedCode.SILENT);
  }

  private static OptionalLong refusal(SimulatedWallets.Outcome outcome) {
    return switch (outcome) {
      case DONE -> OptionalLong.empty();
      case REPEATED -> OptionalLong.of(268490004);
      case TOO_FEW_COINS -> OptionalLong.of(268490006);
      case UNKNOWN_ORDER -> OptionalLong.of(BAD_PARAMETER);
    };
  }
}
