package io.minilogin.accesstoken;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.Secret;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenEvidenceTest {
  private static final String APP = "wx1";
  private static final String PATH = "/wxa/bad";
  private static final Secret OLD = new Secret("old");
  private static final Secret NEW = new Secret("new");

  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 10);
  private final TokenEvidence evidence = new TokenEvidence(time::get);

  @Test
  void tokenAcceptedByALaterCallIsGood() {
    evidence.accepted(APP, "/wxa/good", OLD, 100);
    assertThat(evidence.isGood(APP, OLD, 99)).isTrue();
    assertThat(evidence.isGood(APP, OLD, 100)).isFalse();
    assertThat(evidence.isGood(APP, NEW, 99)).isFalse();
    assertThat(evidence.isGood("wx2", OLD, 99)).isFalse();
  }

  @Test
  void pathThatRejectsTheReplacementIsDistrustedForAnHour() {
    evidence.refused(APP, PATH, OLD);
    evidence.replaced(APP, PATH, NEW);
    assertThat(evidence.isDistrusted(APP, PATH)).isFalse();
    evidence.refused(APP, PATH, NEW);
    assertThat(evidence.isDistrusted(APP, PATH)).isTrue();
    assertThat(evidence.isDistrusted(APP, "/wxa/other")).isFalse();
    assertThat(evidence.isDistrusted("wx2", PATH)).isFalse();
    pass(TokenEvidence.DISTRUST);
    assertThat(evidence.isDistrusted(APP, PATH)).isFalse();
  }

  @Test
  void pathThatAcceptsATokenIsTrustedAgain() {
    distrust();
    evidence.accepted(APP, PATH, NEW, 1);
    assertThat(evidence.isDistrusted(APP, PATH)).isFalse();
    evidence.refused(APP, PATH, NEW);
    assertThat(evidence.isDistrusted(APP, PATH)).isFalse();
  }

  @Test
  void checksForADistrustedPathAreThrottled() {
    assertThat(evidence.mayCheck(APP, PATH)).isTrue();
    assertThat(evidence.mayCheck(APP, PATH)).isTrue();
    distrust();
    assertThat(evidence.mayCheck(APP, PATH)).isFalse();
    pass(TokenEvidence.CHECK_PAUSE);
    assertThat(evidence.mayCheck(APP, PATH)).isTrue();
    assertThat(evidence.mayCheck(APP, PATH)).isFalse();
  }

  @Test
  void oldestPathIsForgotten() {
    distrust();
    for (int i = 0; i < 1000; i++) {
      evidence.replaced(APP, "/wxa/" + i, NEW);
      evidence.refused(APP, "/wxa/" + i, NEW);
    }
    assertThat(evidence.isDistrusted(APP, PATH)).isFalse();
    assertThat(evidence.isDistrusted(APP, "/wxa/999")).isTrue();
  }

  private void distrust() {
    evidence.replaced(APP, PATH, NEW);
    evidence.refused(APP, PATH, NEW);
  }

  private void pass(Duration duration) {
    time.addAndGet(duration.toNanos());
  }
}
