package io.minilogin.wechat;

import static io.minilogin.wechat.Refusal.APP_MISCONFIGURED;
import static io.minilogin.wechat.Refusal.BUSY;
import static io.minilogin.wechat.Refusal.CODE_INVALID;
import static io.minilogin.wechat.Refusal.CODE_USED;
import static io.minilogin.wechat.Refusal.DAY_QUOTA;
import static io.minilogin.wechat.Refusal.FAILED;
import static io.minilogin.wechat.Refusal.MINUTE_QUOTA;
import static io.minilogin.wechat.Refusal.OUR_BUG;
import static io.minilogin.wechat.Refusal.SESSION_KEY_STALE;
import static io.minilogin.wechat.Refusal.TOKEN_REJECTED;
import static io.minilogin.wechat.Refusal.USER_BLOCKED;

import io.minilogin.wechat.WechatOutcome.Refused;
import java.util.List;
import java.util.stream.Stream;

/**
 * An errcode of WeChat with its meaning and advice for operators. The problem of the refusal says
 * what the client should do. This is the only table of errcodes in the service.
 *
 * @param number the errcode that WeChat sends
 * @param refusal why the call failed
 * @param concernsApp whether an operator must act: the reason is the configuration, the rights or a
 *     quota of the app, so any caller gets the errcode. The reason for other errcodes is the
 *     arguments of the call, which a backend chooses for its own calls.
 * @param advice the log message for operators
 * @see <a href="https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html">the
 *     errcodes of all calls</a>
 */
public record Errcode(int number, Refusal refusal, boolean concernsApp, String advice) {
  private static final String SECRET = "WeChat does not accept the app secret: check it";
  private static final String ADDRESS =
      "WeChat does not accept calls from this address: add it to the app's list";
  private static final String CONFIRM =
      "WeChat does not accept calls from this address yet: an administrator of the app must confirm"
          + " it";
  private static final String RIGHT =
      "WeChat does not allow this app to make the call: request the right in WeChat's console";
  private static final String PLATFORM =
      "The app has not granted this right to its third-party platform: grant it in WeChat's"
          + " console";
  private static final String ALTERED =
      "WeChat does not understand the request: look for a proxy that changes it, else report a bug";

  private static final List<Errcode> ALL =
      List.of(
          of(40029, CODE_INVALID),
          of(40163, CODE_USED),
          of(40226, USER_BLOCKED),
          of(87009, SESSION_KEY_STALE),
          of(40001, TOKEN_REJECTED),
          of(40014, TOKEN_REJECTED),
          of(42001, TOKEN_REJECTED),
          of(-1, BUSY),
          of(45011, MINUTE_QUOTA),
          of(41008, OUR_BUG),
          app(
              45009,
              DAY_QUOTA,
              "WeChat's quota for the day is used up: the console or its support raises it"),
          // The app's secret and the address of this service.
          app(40001, SECRET),
          app(40125, SECRET),
          app(40013, "WeChat does not know the appid: check it"),
          app(40243, "WeChat has frozen the app secret: unfreeze it in its console"),
          app(40164, ADDRESS),
          app(45035, ADDRESS),
          app(61004, ADDRESS),
          app(89501, CONFIRM),
          app(89503, CONFIRM),
          app(
              89506,
              "An administrator has refused this address twice: WeChat accepts it again after a"
                  + " day"),
          app(
              89507,
              "An administrator has refused this address: WeChat accepts it again after an hour"),
          // The app's rights.
          app(48001, RIGHT),
          app(48004, "WeChat has closed this call to the app for a violation: see its console"),
          app(
              50002,
              "WeChat restricts the account, which may be frozen or closed: see its console"),
          app(61003, PLATFORM),
          app(61007, PLATFORM),
          app(61016, PLATFORM),
          // The request.
          app(43003, "WeChat requires HTTPS: check wechat.base-url"),
          call(40002, ALTERED),
          call(40097, ALTERED),
          call(41001, ALTERED),
          call(41002, ALTERED),
          call(41004, ALTERED),
          call(43001, ALTERED),
          call(43002, ALTERED),
          call(44002, ALTERED),
          call(47001, ALTERED),
          call(43004, "WeChat requires the user to follow the account first: check the appid"),
          call(
              50001, "WeChat does not allow this app to ask for the user: check the app's rights"));

  private static Errcode of(int number, Refusal refusal) {
    return new Errcode(number, refusal, false, refusal.problem().detail());
  }

  private static Errcode app(int number, String advice) {
    return app(number, APP_MISCONFIGURED, advice);
  }

  private static Errcode app(int number, Refusal refusal, String advice) {
    return new Errcode(number, refusal, true, advice);
  }

  private static Errcode call(int number, String advice) {
    return new Errcode(number, APP_MISCONFIGURED, false, advice);
  }

  /** Returns the errcodes that lead to this refusal. */
  static Stream<Errcode> all(Refusal refusal) {
    return ALL.stream().filter(known -> known.refusal == refusal);
  }

  /** Returns the row for this errcode, or {@link Refusal#FAILED} if the table has no row for it. */
  static Errcode of(int number) {
    return ALL.stream()
        .filter(known -> known.number == number)
        .findFirst()
        .orElseGet(() -> of(number, FAILED));
  }

  /**
   * Returns the row for a call with the app secret instead of an access token. For such a call,
   * 40001 means that the secret is wrong.
   */
  static Errcode ofCallWithSecret(int number) {
    return all(APP_MISCONFIGURED)
        .filter(known -> known.number == number)
        .findFirst()
        .orElseGet(() -> of(number));
  }

  /** Returns the errcode of a refused call, or 0 if WeChat sent no errcode. */
  public static Errcode of(Refused<?> refused) {
    var number = refused.errcode().orElse(0);
    return all(refused.refusal())
        .filter(known -> known.number == number)
        .findFirst()
        .orElseGet(() -> of(number, refused.refusal()));
  }

  /** Whether the table has no row for the errcode. */
  boolean isUnknown() {
    return ALL.stream().noneMatch(known -> known.number == number);
  }

  /** Returns the kind of errcode as a metric label of low cardinality. */
  public String kind() {
    return switch (refusal) {
      case BUSY -> "busy";
      case TOKEN_REJECTED -> "token";
      case MINUTE_QUOTA, DAY_QUOTA -> "quota";
      default -> concernsApp ? "configuration" : "other";
    };
  }
}
