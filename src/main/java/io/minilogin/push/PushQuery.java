package io.minilogin.push;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * The query parameters of a request from WeChat. A parameter that occurs more than once counts as
 * missing.
 *
 * @param signature covers the token, the timestamp and the nonce, but no body
 * @param msgSignature covers these and the encrypted message
 * @param timestamp Unix seconds, as text
 */
record PushQuery(
    Optional<String> signature,
    Optional<String> msgSignature,
    Optional<String> timestamp,
    Optional<String> nonce,
    Optional<String> echostr) {

  static PushQuery of(MultiMap parameters) {
    return new PushQuery(
        only("signature", parameters),
        only("msg_signature", parameters),
        only("timestamp", parameters),
        only("nonce", parameters),
        only("echostr", parameters));
  }

  @Override
  public String toString() {
    return "PushQuery";
  }

  private static Optional<String> only(String name, MultiMap parameters) {
    var values = parameters.getAll(name);
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }
}
