package io.minilogin.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.clients.Audit;
import io.minilogin.clients.Client;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.UserId;
import io.minilogin.signing.SigningRequest.Payment;
import io.minilogin.wechat.WechatSignature;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs data for clients. Each signing is counted, and each success has a line in the audit log.
 * Neither contains the data or the user.
 */
@Singleton
public class Signer {
  private static final Problem NO_KEY =
      Problem.of(
          ProblemType.SESSION_KEY_STALE,
          "No session key of the user is known: the user must log in again.");

  private final SessionKeys keys;
  private final SigningShares shares;
  private final Outcomes outcomes;

  Signer(SessionKeys keys, SigningShares shares, Outcomes outcomes) {
    this.keys = keys;
    this.shares = shares;
    this.outcomes = outcomes;
  }

  /**
   * Signs the data with the keys of this moment.
   *
   * @param request creates the request, or throws a problem, which is counted
   * @return fails with {@code session-key-stale} if the user has no known session key
   */
  public Uni<Signatures> sign(Client client, String appid, Supplier<SigningRequest> request) {
    var signed =
        shares.limited(
            client,
            () -> {
              var toSign = request.get();
              return signed(toSign)
                  .invoke(made -> Audit.signed(client, appid, toSign.purpose(), made.names()));
            });
    return outcomes.counted(signed, "mini_login.signatures", "app", appid, "client", client.id());
  }

  private Uni<Signatures> signed(SigningRequest request) {
    var paySig = request.payment().map(payment -> paySig(payment, request.data()));
    return request
        .user()
        .map(user -> signature(user, request.data()).map(Optional::of))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
        .map(signature -> new Signatures(signature, paySig));
  }

  private Uni<String> signature(UserId user, byte[] data) {
    return keys.current(user)
        .map(key -> key.orElseThrow(() -> new ProblemException(NO_KEY)))
        .map(key -> WechatSignature.of(key, data));
  }

  private static String paySig(Payment payment, byte[] data) {
    return WechatSignature.of(payment.key(), (payment.uri() + "&").getBytes(UTF_8), data);
  }
}
