package io.minilogin.relay;

import static io.minilogin.relay.ApiErrors.problem;

import io.minilogin.clients.Permission;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.UserId;
import io.minilogin.signing.JsonToSign;
import io.minilogin.signing.Signatures;
import io.minilogin.signing.Signer;
import io.minilogin.signing.SigningRequest;
import io.minilogin.signing.SigningRequest.Payment;
import io.minilogin.wechat.WechatSignature;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds missing signatures to a call of WeChat's API.
 *
 * @param addsSignature whether {@code signature} is missing
 * @param addsPaySig whether {@code pay_sig} is missing and the app has a payment key
 */
record CallSigning(
    ApiCaller caller,
    ApiTarget target,
    SignedPath.Match path,
    boolean addsSignature,
    boolean addsPaySig) {
  private static final String SIGNATURE = "signature";
  private static final String PAY_SIG = "pay_sig";
  private static final String METHOD = "sig_method";
  private static final String OPENID = "openid";

  /** Returns the signing of the call; empty if nothing is missing or the client may not sign. */
  static Optional<CallSigning> of(ApiCaller caller, ApiTarget target) {
    if (!caller.client().may().contains(Permission.SIGN)) {
      return Optional.empty();
    }
    var keys = caller.app().paymentKeys();
    var hasKey = keys.live().isPresent() || keys.sandbox().isPresent();
    return target
        .path()
        .flatMap(SignedPath::of)
        .map(
            path ->
                new CallSigning(
                    caller,
                    target,
                    path,
                    path.kind().needsSignature() && !target.has(SIGNATURE),
                    path.kind().needsPaySig() && hasKey && !target.has(PAY_SIG)))
        .filter(signing -> signing.addsSignature || signing.addsPaySig);
  }

  /**
   * Returns the query of the call with the signatures of this body. Fails with a problem if the
   * call names no user, or if no session key of the user is known.
   */
  Uni<String> query(Signer signer, byte[] body) {
    return signer
        .sign(caller.client(), caller.app().appid(), () -> request(body))
        .onFailure(CallSigning::isStale)
        .transform(this::withErrcode)
        .map(this::query);
  }

  private SigningRequest request(byte[] body) {
    var json = path.kind().needsPaySig() ? JsonToSign.parse(body) : Optional.<JsonToSign>empty();
    var user = addsSignature ? Optional.of(user(json)) : Optional.<UserId>empty();
    if (addsSignature && body.length == 0 && !path.kind().mayBeEmpty()) {
      throw problem(
          ProblemType.INVALID_REQUEST, "The call must be signed, but it has no body.", 44002);
    }
    return new SigningRequest(path.purpose(), body, user, json.flatMap(this::payment));
  }

  private UserId user(Optional<JsonToSign> json) {
    var openid =
        path.kind().hasUserInBody() ? json.flatMap(JsonToSign::openid) : target.onlyValue(OPENID);
    return openid
        .filter(value -> !value.isEmpty())
        .map(value -> new UserId(caller.app().appid(), value))
        .orElseThrow(
            () ->
                problem(
                    ProblemType.INVALID_REQUEST,
                    "The call must be signed, but %s does not have exactly one openid."
                        .formatted(path.kind().hasUserInBody() ? "its JSON body" : "its query"),
                    41009));
  }

  private Optional<Payment> payment(JsonToSign json) {
    return addsPaySig
        ? json.keyOf(caller.app().paymentKeys())
            .map(key -> new Payment(key, target.path().orElseThrow().text()))
        : Optional.empty();
  }

  private String query(Signatures made) {
    var isMethodMissing = path.kind().needsMethod() && !target.has(METHOD);
    return Stream.of(
            Optional.of(target.query()).filter(query -> !query.isEmpty()),
            made.signature().map(value -> SIGNATURE + "=" + value),
            made.signature()
                .filter(value -> isMethodMissing)
                .map(value -> METHOD + "=" + WechatSignature.METHOD),
            made.paySig().map(value -> PAY_SIG + "=" + value))
        .flatMap(Optional::stream)
        .collect(Collectors.joining("&"));
  }

  private static boolean isStale(Throwable failure) {
    return ProblemException.typeOf(failure) == ProblemType.SESSION_KEY_STALE;
  }

  private Throwable withErrcode(Throwable failure) {
    return ApiErrors.refusal(((ProblemException) failure).problem(), path.kind().staleErrcode());
  }

  @Override
  public String toString() {
    return "CallSigning";
  }
}
