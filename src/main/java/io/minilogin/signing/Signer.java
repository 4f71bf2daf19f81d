package io.minilogin.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.async.ConcurrencyLimits;
import io.minilogin.clients.Audit;
import io.minilogin.clients.Client;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.UserId;
import io.minilogin.signing.SigningRequest.Payment;
import io.minilogin.wechat.WechatSignature;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
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

  /**
   * The number of signatures of a client that may be under way, so that a client cannot fill the
   * queue for Redis that all requests share: an eighth of the batches that may wait for Redis.
   */
  static final int MOST = 512;

  private static final Problem BUSY =
      Problem.of(
              ProblemType.WECHAT_BUSY,
              "The client has over " + MOST + " signatures under way: retry later.")
          .retryAfter(Duration.ofSeconds(1))
          .action(Action.RETRY);

  private final SessionKeys keys;
  private final Outcomes outcomes;
  private final ConcurrencyLimits<String> limits = limits();

  Signer(SessionKeys keys, Outcomes outcomes) {
    this.keys = keys;
    this.outcomes = outcomes;
  }

  /** Returns the limits of clients, by their ids. */
  static ConcurrencyLimits<String> limits() {
    return new ConcurrencyLimits<>(MOST, () -> new ProblemException(BUSY));
  }

  /**
   * Signs the data with the keys of this moment.
   *
   * @param request creates the request, or throws a problem, which is counted
   * @return fails with {@code session-key-stale} if the user has no known session key
   */
  public Uni<Signatures> sign(Client client, String appid, Supplier<SigningRequest> request) {
    var signed =
        limits.limited(
            client.id(),
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
