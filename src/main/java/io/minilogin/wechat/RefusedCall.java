package io.minilogin.wechat;

import io.minilogin.problem.Problem;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call to WeChat that brought nothing. If it carried a code, that is to be taken as burnt,
 * whatever the reason.
 *
 * @param errcode where WeChat gave one
 * @param rid WeChat's own request id, where it gave one
 */
public record RefusedCall(Refusal refusal, OptionalInt errcode, Optional<String> rid)
    implements ExchangeOutcome {

  public static RefusedCall without(Refusal refusal) {
    return new RefusedCall(refusal, OptionalInt.empty(), Optional.empty());
  }

  /** Whether the same call would be refused again, whenever it is made. */
  public boolean isFinal() {
    return refusal == Refusal.CODE_INVALID || refusal == Refusal.CODE_USED;
  }

  public Problem problem() {
    var problem = Problem.of(refusal.type(), refusal.detail()).fromWechat(errcode, rid);
    return refusal.retryAfter().map(problem::retryAfter).orElse(problem);
  }
}
