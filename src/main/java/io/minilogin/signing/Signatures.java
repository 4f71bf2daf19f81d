package io.minilogin.signing;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signatures of data, in lower-case hexadecimal digits.
 *
 * @param signature the signature under a session key
 * @param paySig the signature under a payment key
 */
public record Signatures(Optional<String> signature, Optional<String> paySig) {
  /** Returns WeChat's names of the signatures that are present, separated by a space. */
  String names() {
    return Stream.of(signature.map(made -> "signature"), paySig.map(made -> "pay_sig"))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }

  @Override
  public String toString() {
    return "Signatures";
  }
}
