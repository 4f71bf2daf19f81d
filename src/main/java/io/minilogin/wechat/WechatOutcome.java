package io.minilogin.wechat;

import io.minilogin.observe.Outcomes;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import java.util.Optional;
import java.util.OptionalInt;

/** The outcome of a call to WeChat. */
public sealed interface WechatOutcome<T> {

  /** A successful call with its result. */
  record Success<T>(T value) implements WechatOutcome<T> {
    @Override
    public String toString() {
      return "Success";
    }
  }

  /**
   * A failed call. A code that was part of the call counts as used, whatever the reason.
   *
   * @param errcode WeChat's errcode, if the reply contains it
   * @param rid WeChat's request id, if the reply contains it
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

  /** Returns the name for metrics. */
  default String metricName() {
    return this instanceof Refused<T> refused ? refused.refusal().metricName() : Outcomes.SUCCESS;
  }

  /** Returns the value, or throws the problem, for callers that propagate the failure. */
  default T orThrow() {
    if (this instanceof Refused<T> refused) {
      throw new ProblemException(refused.problem());
    }
    return ((Success<T>) this).value();
  }
}
