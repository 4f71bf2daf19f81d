package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.SimulatedSignatures.Verdict;
import io.minilogin.dev.SimulatedWallets.Outcome;
import io.minilogin.dev.SimulatedWallets.Owner;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * The coins of mini games: {@code POST /wxa/game/getbalance}, {@code pay} and {@code cancelpay},
 * signed with the user's session key and the app's payment key.
 */
final class SimulatedGameCoins {
  private static final int BAD_PARAMETER = 90018;

  private final SimulatedUsers users;
  private final SimulatedSignatures signatures;
  private final SimulatedWallets wallets;
  private final SimulatedReplies replies;

  SimulatedGameCoins(
      SimulatedUsers users,
      SimulatedSignatures signatures,
      SimulatedWallets wallets,
      SimulatedReplies replies) {
    this.users = users;
    this.signatures = signatures;
    this.wallets = wallets;
    this.replies = replies;
  }

  /** Returns the calls by their paths. */
  Map<String, CallOfApp> calls() {
    return Map.of(
        "/wxa/game/getbalance", signed((owner, body) -> Answer.json(balance(owner))),
        "/wxa/game/pay", signed(this::pay),
        "/wxa/game/cancelpay", signed(this::cancel));
  }

  private CallOfApp signed(BiFunction<Owner, ObjectNode, Answer> call) {
    return (appid, request) ->
        replies.toJson(
            request,
            body -> {
              var openid = Json.text(body, "openid");
              var owner = new Owner(appid, openid, body.path("env").asLong());
              return replies.unless(refusal(owner, request), () -> call.apply(owner, body));
            });
  }

  private OptionalLong refusal(Owner owner, Request request) {
    var isPaySig =
        signatures.isPaySig(
            owner.appid(), owner.env(), request.path(), request.body(), request.first("pay_sig"));
    var verdict =
        signatures.verify(
            owner.appid(), owner.openid(), request.body(), request.first("signature"));
    return Rule.firstBroken(
        List.of(
            new Rule(!users.isUserOf(owner.appid(), owner.openid()), BAD_PARAMETER),
            new Rule(!request.first("sig_method").equals("hmac_sha256"), BAD_PARAMETER),
            new Rule(!isPaySig, 90011),
            new Rule(verdict == Verdict.WRONG, 90010),
            new Rule(verdict != Verdict.VALID, 90016)));
  }

  private ObjectNode balance(Owner owner) {
    return Json.ok().put("balance", wallets.balance(owner)).put("present_balance", 0);
  }

  private Answer pay(Owner owner, ObjectNode body) {
    var bill = Json.text(body, "bill_no");
    return done(owner, bill, wallets.pay(owner, bill, body.path("amount").asLong()));
  }

  private Answer cancel(Owner owner, ObjectNode body) {
    var bill = Json.text(body, "bill_no");
    var paid = Json.text(body, "pay_bill_no");
    return done(owner, bill, wallets.cancel(owner, paid, bill, body.path("amount").asLong()));
  }

  private Answer done(Owner owner, String bill, Outcome outcome) {
    return replies.unless(
        refusal(outcome),
        () -> Answer.json(balance(owner).put("bill_no", bill).put("used_present_amount", 0)));
  }

  private static OptionalLong refusal(Outcome outcome) {
    return switch (outcome) {
      case DONE -> OptionalLong.empty();
      case REPEATED -> OptionalLong.of(90012);
      case TOO_FEW_COINS -> OptionalLong.of(90013);
      case UNKNOWN_ORDER -> OptionalLong.of(BAD_PARAMETER);
    };
  }
}
