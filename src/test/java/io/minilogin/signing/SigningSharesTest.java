package io.minilogin.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.clients.Client;
import io.minilogin.problem.Action;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SigningSharesTest {
  private static final Client GREEDY = client("greedy");
  private static final Client OTHER = client("other");

  private final SigningShares shares = new SigningShares();

  @Test
  void clientAtItsLimitDoesNotAffectOthers() {
    var waiting = IntStream.range(0, SigningShares.MOST).mapToObj(i -> wait(GREEDY)).toList();
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

  private Cancellable wait(Client client) {
    return shares
        .limited(client, () -> Uni.createFrom().nothing())
        .subscribe()
        .with(done -> {}, failure -> {});
  }

  private String sign(Client client) {
    return shares.limited(client, () -> Uni.createFrom().item("signed")).await().indefinitely();
  }

  private static Client client(String id) {
    return new Client(id, List.of(), Set.of(), List.of(), Optional.empty());
  }
}
