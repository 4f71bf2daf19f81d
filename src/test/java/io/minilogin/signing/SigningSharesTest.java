package io.minilogin.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.async.ConcurrencyLimits;
import io.minilogin.problem.Action;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SigningSharesTest {
  private static final String GREEDY = "greedy";
  private static final String OTHER = "other";

  private final ConcurrencyLimits<String> shares = Signer.limits();

  @Test
  void clientAtItsLimitDoesNotAffectOthers() {
    var waiting = IntStream.range(0, Signer.MOST).mapToObj(i -> wait(GREEDY)).toList();
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> sign(GREEDY))
        .satisfies(
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.WECHAT_BUSY);
              assertThat(e.problem().action()).isEqualTo(Action.RETRY);
            });
    assertThat(sign(OTHER)).isEqualTo("signed");
    waiting.get(0).cancel();
    assertThat(sign(GREEDY)).isEqualTo("signed");
    assertThat(sign(GREEDY)).as("the share is free again").isEqualTo("signed");
  }

  private Cancellable wait(String client) {
    return shares
        .limited(client, () -> Uni.createFrom().nothing())
        .subscribe()
        .with(done -> {}, failure -> {});
  }

  private String sign(String client) {
    return shares.limited(client, () -> Uni.createFrom().item("signed")).await().indefinitely();
  }
}
