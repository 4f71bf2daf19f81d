package io.minilogin.relay;

import io.minilogin.clients.Client;
import io.minilogin.clients.Clients;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Tokens that replace access tokens for SDKs that require an access token. A token is {@value
 * #PREFIX} and a sealed value in base64url. The value contains the expiry and a proof of the
 * client's secret; the app secret that seals it determines the app. Nothing is stored. A token is
 * valid for two hours or until its client's secret changes, and only below {@code /wechat/}.
 */
@Singleton
class StandInTokens {
  static final Duration LIFETIME = Duration.ofSeconds(7200);

  private static final String PREFIX = "mla_";
  private static final int LONGEST = 512;
  private static final int RANDOM_BYTES = 8;
  private static final int PROOF_BYTES = 16;

  /** The client and the app that a token was issued for. */
  record Bearer(Client client, String appid) {}

  private final Seals seals;
  private final Clients clients;
  private final SecureRandom random;
  private final Clock clock;

  StandInTokens(Seals seals, Clients clients, SecureRandom random, Clock clock) {
    this.seals = seals;
    this.clients = clients;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Issues a new token. Each call returns a different token.
   *
   * @param proof the proof that the client knows its secret, from {@link Clients#byIdAndSecret}
   */
  String issue(byte[] proof, String appid) {
    var distinct = new byte[RANDOM_BYTES];
    random.nextBytes(distinct);
    var value =
        ByteBuffer.allocate(Long.BYTES + PROOF_BYTES + RANDOM_BYTES)
            .putLong(clock.instant().plus(LIFETIME).toEpochMilli())
            .put(proof)
            .put(distinct)
            .array();
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(seals.seal(appid, Purpose.STAND_IN_TOKEN, PREFIX, value));
  }

  /**
   * Returns the bearer of the only stand-in token among these. Empty if there are several stand-in
   * tokens or none, or if the token is invalid or expired. Other tokens are ignored.
   */
  Optional<Bearer> read(List<String> tokens) {
    var ours = tokens.stream().filter(token -> token.startsWith(PREFIX)).distinct().toList();
    return ours.size() == 1 ? read(ours.get(0)) : Optional.empty();
  }

  private Optional<Bearer> read(String token) {
    return sealedIn(token)
        .flatMap(value -> seals.unseal(Purpose.STAND_IN_TOKEN, PREFIX, value))
        .flatMap(
            unsealed -> {
              var value = ByteBuffer.wrap(unsealed.plaintext());
              var isOver = value.getLong() <= clock.millis();
              var proof = new byte[PROOF_BYTES];
              value.get(proof);
              return isOver
                  ? Optional.empty()
                  : clients.byProof(proof).map(client -> new Bearer(client, unsealed.appid()));
            });
  }

  private static Optional<byte[]> sealedIn(String token) {
    if (token.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getUrlDecoder().decode(token.substring(PREFIX.length())));
    } catch (IllegalArgumentException e) {
      // Not base64url.
      return Optional.empty();
    }
  }
}
