package io.minilogin.wechat;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** The reasons why a call to WeChat failed, each with the problem for our caller. */
public enum Refusal {
  CODE_INVALID(1, ProblemType.CODE_INVALID, "The code is wrong, expired or another app's."),
  CODE_USED(2, ProblemType.CODE_USED, "WeChat has seen this code before."),
  USER_BLOCKED(3, ProblemType.USER_BLOCKED, "WeChat considers this user a high risk."),
  MINUTE_QUOTA(
      4, ProblemType.THROTTLED, "WeChat's quota for a minute is used up.", Duration.ofMinutes(1)),
  DAY_QUOTA(
      5, ProblemType.THROTTLED, "WeChat's quota for the day is used up.", Duration.ofHours(1)),
  APP_MISCONFIGURED(
      6,
      ProblemType.APP_MISCONFIGURED,
      "WeChat rejects the app's configuration or rights: an operator must act."),
  SESSION_KEY_STALE(
      7, ProblemType.SESSION_KEY_STALE, "WeChat has a newer session key for this user."),
  TOKEN_REJECTED(8, ProblemType.WECHAT_FAILED, "WeChat rejects this service's access token."),
  NO_OTHER_TOKEN(
      9,
      ProblemType.WECHAT_BUSY,
      "WeChat rejects this service's access token and issues no other yet.",
      Duration.ofSeconds(30)),
  BUSY(10, ProblemType.WECHAT_BUSY, "WeChat reports a system error.", Duration.ofSeconds(1)),
  CIRCUIT_OPEN(
      11,
      ProblemType.WECHAT_BUSY,
      "WeChat was not called: too many of the last calls have failed.",
      Duration.ofSeconds(2)),
  TIMEOUT(12, ProblemType.WECHAT_TIMEOUT, "WeChat did not answer within the deadline."),
  FAILED(13, ProblemType.WECHAT_FAILED, "WeChat sent no usable answer."),
  OUR_BUG(14, ProblemType.INTERNAL, "WeChat did not understand this service's request."),
  TOO_MANY_CALLS(
      15,
      ProblemType.WECHAT_BUSY,
      "WeChat was not called: too many calls are under way.",
      Duration.ofSeconds(2)),
  UNREACHABLE(16, ProblemType.WECHAT_FAILED, "WeChat could not be reached.");

  private final int id;
  private final Problem problem;

  Refusal(int id, ProblemType type, String detail) {
    this(id, Problem.of(type, detail));
  }

  Refusal(int id, ProblemType type, String detail, Duration retryAfter) {
    this(id, Problem.of(type, detail).retryAfter(retryAfter));
  }

  Refusal(int id, Problem problem) {
    this.id = id;
    this.problem = problem;
  }

  /** Returns the id for stored values. The id of a removed constant must not be reused. */
  public int id() {
    return id;
  }

  /**
   * Returns the refusal with this id; {@link #FAILED} for an unknown id, which a newer instance may
   * have stored.
   */
  public static Refusal ofId(int id) {
    return Arrays.stream(values()).filter(refusal -> refusal.id == id).findFirst().orElse(FAILED);
  }

  /** Returns the name for metrics. */
  public String metricName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether operators can ignore the refusal: the reason is the caller's code or user, or the
   * service handles the refusal.
   */
  boolean isUsual() {
    return this == CODE_INVALID
        || this == CODE_USED
        || this == USER_BLOCKED
        || this == SESSION_KEY_STALE
        || this == TOKEN_REJECTED;
  }

  /** Whether WeChat would refuse a retry of the same call at any time. */
  public boolean isFinal() {
    return this == CODE_INVALID || this == CODE_USED;
  }

  public Problem problem() {
    return problem;
  }
}
