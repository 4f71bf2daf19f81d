package io.minilogin.problem;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One occurrence of a {@link ProblemType}.
 *
 * @param detail for the client's developer: what is wrong, never the wrong value itself
 * @param errcode WeChat's error code, where WeChat gave one
 * @param rid WeChat's own request id, which its support asks for
 * @param retryAfter when trying again makes sense; whole seconds
 */
public record Problem(
    ProblemType type,
    String detail,
    OptionalInt errcode,
    Optional<String> rid,
    Optional<Duration> retryAfter) {

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, OptionalInt.empty(), Optional.empty(), Optional.empty());
  }

  public Problem fromWechat(OptionalInt errcode, Optional<String> rid) {
    return new Problem(type, detail, errcode, rid, retryAfter);
  }

  public Problem retryAfter(Duration wait) {
    return new Problem(type, detail, errcode, rid, Optional.of(wait));
  }
}
