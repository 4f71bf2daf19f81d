package io.minilogin.api;

import io.minilogin.check.Client;
import io.minilogin.check.Clients;
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
 * Tokens that stand in for access tokens, for SDKs that cannot do without: {@value #PREFIX} and, in
 * base64url, a sealed value that tells when it ends, for which client it is, and by the secret
 * under which it is sealed for which app. Nothing is stored. One lives for two hours, or until its
 * client has another secret; it is taken below {@code /wechat/} and nowhere else.
 */
@Singleton
class StandInTokens {
  static final Duration LIFETIME = Duration.ofSeconds(7200);

  private static final String PREFIX = "mla_";
  private static final int LONGEST = 512;
  private static final int RANDOM_BYTES = 8;
  private static final int PROOF_BYTES = 16;

  /** Who calls, and for which app. */
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
   * Another one each time.
   *
   * @param proof that the client knew its secret, from {@link Clients#byIdAndSecret}
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

  /** Of the only one among these; empty if that is none any more. Other tokens mean nothing. */
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
