package io.minilogin.wechat;

import io.minilogin.metrics.Outcomes;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import java.util.Optional;
import java.util.OptionalInt;

/** What a call to WeChat led to. */
public sealed interface WechatOutcome<T> {

  /** What WeChat gave. */
  record Success<T>(T value) implements WechatOutcome<T> {
    @Override
    public String toString() {
      return "Success";
    }
  }

  /**
   * The call brought nothing. If it carried a code, that is to be taken as burnt, whatever the
   * reason.
   *
   * @param errcode where WeChat gave one
   * @param rid WeChat's own request id, where it gave one
   */
  record Refused<T>(Refusal refusal, OptionalInt errcode, Optional<String> rid)
      implements WechatOutcome<T> {

    public static <T> Refused<T> of(Refusal refusal) {
      return new Refused<>(refusal, OptionalInt.empty(), Optional.empty());
    }

    public Problem problem() {
      return refusal.problem().fromWechat(errcode, rid);
    }
  }

  /** Whether the call was refused for this reason. */
  default boolean isRefused(Refusal reason) {
    return this instanceof Refused<T> refused && refused.refusal() == reason;
  }

  /** The metrics' name of it. */
  default String text() {
    return this instanceof Refused<T> refused ? refused.refusal().text() : Outcomes.SUCCESS;
  }

  /** The value, or the problem as an exception, for callers that pass the failure on. */
  default T orThrow() {
    if (this instanceof Refused<T> refused) {
      throw new ProblemException(refused.problem());
    }
    return ((Success<T>) this).value();
  }
}
