package io.minilogin.relay;

import io.minilogin.clients.ApiPattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The paths of WeChat's API whose calls need signatures. WeChat may ignore the case of a path.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/industry/virtual-payment.html">virtual
 *     payment</a>
 */
enum SignedPath {
  /** Virtual payment: the calls for a user, then all other calls. */
  XPAY_OF_USER("/xpay/query_user_balance", "/xpay/currency_pay", "/xpay/cancel_currency_pay"),
  XPAY("/xpay/*"),
  /** The coins of mini games: the calls for a user, then all other calls. */
  GAME_OF_USER("/wxa/game/getbalance", "/wxa/game/pay", "/wxa/game/cancelpay"),
  GAME("/wxa/game/*"),
  /** The data that WeChat stores for a user of a mini game. */
  USER_DATA("/wxa/set_user_storage", "/wxa/remove_user_storage", "/wxa/setuserinteractivedata"),
  /** The keys of WeChat's encryption for a user. */
  ENCRYPT_KEY("/wxa/business/getuserencryptkey");

  private final List<ApiPattern> paths;

  SignedPath(String... paths) {
    this.paths = Stream.of(paths).map(ApiPattern::new).toList();
  }

  /** A path that needs signatures, with a text of low cardinality for the log. */
  record Match(SignedPath kind, String purpose) {}

  /** Returns the first match of the path. */
  static Optional<Match> of(ApiPath path) {
    var lower = path.text().toLowerCase(Locale.ROOT);
    return Stream.of(values())
        .flatMap(
            kind ->
                kind.paths.stream()
                    .filter(each -> each.matches(lower))
                    .map(each -> new Match(kind, each.text())))
        .findFirst();
  }

  /** Whether a call needs a {@code signature} under the user's session key. */
  boolean needsSignature() {
    return this != XPAY && this != GAME;
  }

  /** Whether a call with a {@code signature} needs {@code sig_method} as well. */
  boolean needsMethod() {
    return this != XPAY_OF_USER;
  }

  /** Whether a call needs a {@code pay_sig} under the app's payment key. */
  boolean needsPaySig() {
    return this != USER_DATA && this != ENCRYPT_KEY;
  }

  /** Whether the body names the user; otherwise the query does. */
  boolean hasUserInBody() {
    return needsPaySig();
  }

  /**
   * Whether an empty body may be signed. WeChat replaces the session key for such a signature, but
   * only at another path.
   */
  boolean mayBeEmpty() {
    return this == ENCRYPT_KEY;
  }

  /** Returns WeChat's errcode for a session key that is out of date. */
  int staleErrcode() {
    return switch (this) {
      case XPAY_OF_USER, XPAY -> 268490009;
      case GAME_OF_USER, GAME -> 90016;
      case USER_DATA, ENCRYPT_KEY -> 87009;
    };
  }
}
