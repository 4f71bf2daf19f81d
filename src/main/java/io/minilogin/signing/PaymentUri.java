package io.minilogin.signing;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The first part of the text that a {@code pay_sig} signs: the name of a client API, or the path of
 * a call.
 *
 * @param text without a query
 */
record PaymentUri(String text) {
  private static final Pattern CLIENT_API =
      Pattern.compile("requestVirtualPayment|requestMidasPaymentGameItem");

  /** A path has no other characters and no dot segments. */
  private static final Pattern PATH =
      Pattern.compile("/(xpay|wxa/game)(?:/(?!\\.+(?:/|$))[A-Za-z0-9._~-]+)+");

  /** Returns the URI. Empty for any other text: WeChat would not accept its signature. */
  static Optional<PaymentUri> parse(String text) {
    return CLIENT_API.matcher(text).matches() || PATH.matcher(text).matches()
        ? Optional.of(new PaymentUri(text))
        : Optional.empty();
  }

  /** Returns a text of low cardinality for the log: the client API or the beginning of the path. */
  String kind() {
    var path = PATH.matcher(text);
    return path.matches() ? "/" + path.group(1) + "/*" : text;
  }
}
