package io.minilogin.wechat;

import io.minilogin.problem.ProblemType;
import java.time.Duration;
import java.util.Optional;

/** Why a call to WeChat brought nothing, and what that is for our caller. */
public enum Refusal {
  CODE_INVALID(ProblemType.CODE_INVALID, "The code is wrong, expired or another app's."),
  CODE_USED(ProblemType.CODE_USED, "WeChat has seen this code before."),
  USER_BLOCKED(ProblemType.USER_BLOCKED, "WeChat counts this user as a high risk."),
  MINUTE_QUOTA(
      ProblemType.THROTTLED, "WeChat's quota for a minute is used up.", Duration.ofMinutes(1)),
  DAY_QUOTA(ProblemType.THROTTLED, "WeChat's quota for the day is used up.", Duration.ofHours(1)),
  APP_MISCONFIGURED(
      ProblemType.APP_MISCONFIGURED, "An operator must correct the appid, secret or allow list."),
  SESSION_KEY_STALE(
      ProblemType.SESSION_KEY_STALE, "WeChat has another session key for this user by now."),
  TOKEN_REJECTED(ProblemType.WECHAT_FAILED, "WeChat rejects this service's access token."),
  NO_OTHER_TOKEN(
      ProblemType.WECHAT_BUSY,
      "WeChat rejects this service's access token and gives no other yet.",
      Duration.ofSeconds(30)),
  BUSY(ProblemType.WECHAT_BUSY, "WeChat reports a system error.", Duration.ofSeconds(1)),
  NOT_CALLED(
      ProblemType.WECHAT_BUSY,
      "WeChat was not called: too many calls are under way, or too many have failed.",
      Duration.ofSeconds(2)),
  TIMEOUT(ProblemType.WECHAT_TIMEOUT, "WeChat did not answer within the deadline."),
  FAILED(ProblemType.WECHAT_FAILED, "WeChat was not reachable or sent no usable answer."),
  OUR_BUG(ProblemType.INTERNAL, "WeChat did not understand this service's request.");

  private final ProblemType type;
  private final String detail;
  private final Optional<Duration> retryAfter;

  Refusal(ProblemType type, String detail) {
    this(type, detail, null);
  }

  Refusal(ProblemType type, String detail, Duration retryAfter) {
    this.type = type;
    this.detail = detail;
    this.retryAfter = Optional.ofNullable(retryAfter);
  }

  /** One that isn't known is a failed call: the answer shows the number. */
  static Refusal ofErrcode(int errcode) {
    return switch (errcode) {
      case 40029 -> CODE_INVALID;
      case 40163 -> CODE_USED;
      case 40226 -> USER_BLOCKED;
      case 45011 -> MINUTE_QUOTA;
      case 45009 -> DAY_QUOTA;
      case -1 -> BUSY;
      case 40013, 40125, 40243, 41002, 41004, 40002, 40164 -> APP_MISCONFIGURED;
      case 87009 -> SESSION_KEY_STALE;
      case 40001, 40014, 42001 -> TOKEN_REJECTED;
      case 41008 -> OUR_BUG;
      default -> FAILED;
    };
  }

  ProblemType type() {
    return type;
  }

  String detail() {
    return detail;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
