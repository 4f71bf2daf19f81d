package io.minilogin.problem;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One occurrence of a {@link ProblemType}.
 *
 * @param detail tells the client's developer what is wrong; never quotes the wrong value, except an
 *     unknown appid
 * @param action what the client should do after the failed call
 * @param errcode WeChat's error code, if WeChat returned one or the caller expects one
 * @param errmsg the detail under WeChat's name, for callers that expect it
 * @param rid WeChat's own request id, which its support asks for
 * @param retryAfter whole seconds; always present with {@link Action#RETRY}
 * @param until when the condition ends by itself, if it does
 * @param challenge the WWW-Authenticate header that a 401 must have (RFC 9110 section 15.5.2)
 * @param oauthError the error code that a client of an OAuth endpoint expects (RFC 6749 section
 *     5.2)
 */
public record Problem(
    ProblemType type,
    String detail,
    Action action,
    OptionalInt errcode,
    Optional<String> errmsg,
    Optional<String> rid,
    Optional<Duration> retryAfter,
    Optional<Instant> until,
    Optional<String> challenge,
    Optional<String> oauthError) {
  private static final Duration SOON = Duration.ofSeconds(1);

  public static Problem of(ProblemType type, String detail) {
    return new Problem(
        type,
        detail,
        type.action(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public Problem fromWechat(OptionalInt errcode, Optional<String> rid) {
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, until, challenge, oauthError);
  }

  /**
   * Returns the same problem with an errcode and an errmsg, for callers that expect an error of
   * WeChat's API.
   */
  public Problem asErrorOfWechat(int code) {
    var number = OptionalInt.of(code);
    var text = Optional.of(detail);
    return new Problem(
        type, detail, action, number, text, rid, retryAfter, until, challenge, oauthError);
  }

  public Problem retryAfter(Duration wait) {
    var time = Optional.of(wait);
    return new Problem(
        type, detail, action, errcode, errmsg, rid, time, until, challenge, oauthError);
  }

  public Problem until(Optional<Instant> end) {
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, end, challenge, oauthError);
  }

  public Problem challenge(String header) {
    var value = Optional.of(header);
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, until, value, oauthError);
  }

  public Problem oauthError(String code) {
    var error = Optional.of(code);
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, until, challenge, error);
  }

  /** Returns the same problem with another action for the client. */
  public Problem action(Action other) {
    var wait = other == Action.RETRY ? retryAfter.or(() -> Optional.of(SOON)) : retryAfter;
    return new Problem(
        type, detail, other, errcode, errmsg, rid, wait, until, challenge, oauthError);
  }

  /**
   * Returns the same problem, but with this action instead of {@code login}, for an operation that
   * another login would not help.
   */
  public Problem inPlaceOfLogin(Action other) {
    return action == Action.LOGIN ? action(other) : this;
  }
}
