package io.minilogin.problem;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One occurrence of a {@link ProblemType}.
 *
 * @param detail for the client's developer: what is wrong, never the wrong value itself, except an
 *     unknown appid
 * @param action what the client of the failed call should do
 * @param errcode WeChat's error code, where WeChat gave one or the caller expects one
 * @param errmsg the detail again under WeChat's name for it, for callers that expect one
 * @param rid WeChat's own request id, which its support asks for
 * @param retryAfter whole seconds; always there with {@link Action#RETRY}
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
        Optional.empty());
  }

  public Problem fromWechat(OptionalInt errcode, Optional<String> rid) {
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, challenge, oauthError);
  }

  /** The same for callers that look for an error of WeChat's API: with an errcode and an errmsg. */
  public Problem asErrorOfWechat(int code) {
    return new Problem(
        type,
        detail,
        action,
        OptionalInt.of(code),
        Optional.of(detail),
        rid,
        retryAfter,
        challenge,
        oauthError);
  }

  public Problem retryAfter(Duration wait) {
    return new Problem(
        type, detail, action, errcode, errmsg, rid, Optional.of(wait), challenge, oauthError);
  }

  public Problem challenge(String challenge) {
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, Optional.of(challenge), oauthError);
  }

  public Problem oauthError(String code) {
    return new Problem(
        type, detail, action, errcode, errmsg, rid, retryAfter, challenge, Optional.of(code));
  }

  /** The same, after which a client should do something else. */
  public Problem action(Action other) {
    var wait = other == Action.RETRY ? retryAfter.or(() -> Optional.of(SOON)) : retryAfter;
    return new Problem(type, detail, other, errcode, errmsg, rid, wait, challenge, oauthError);
  }

  /** The same for an operation after whose failure another login would not help. */
  public Problem inPlaceOfLogin(Action other) {
    return action == Action.LOGIN ? action(other) : this;
  }
}
