package io.minilogin.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SecretHistoryTest {
  private static final Duration DELAY = Duration.ofMinutes(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @Nested
  class TheSealingSecret {
    @Test
    void onlySecretSeals() {
      assertThat(history(Map.of(), "a").sealing(NOW)).isEqualTo("a");
    }

    @Test
    void newSecretWithoutAStoredChangeDoesNotSeal() {
      assertThat(history(Map.of(), "b", "a").sealing(NOW)).isEqualTo("a");
    }

    @Test
    void newSecretSealsFromTheEndOfTheDelay() {
      var history = history(Map.of("b", change(NOW, "a")), "b", "a");
      assertThat(history.sealing(NOW.plus(DELAY).minus(SECOND))).isEqualTo("a");
      assertThat(history.sealing(NOW.plus(DELAY))).isEqualTo("b");
    }

    @Test
    void newestSecretWhoseDelayHasEndedSeals() {
      var changes = Map.of("b", change(NOW.minus(DELAY), "a"), "c", change(NOW, "b"));
      assertThat(history(changes, "c", "b", "a").sealing(NOW)).isEqualTo("b");
    }

    @Test
    void oldestSecretSealsWhileAllDelaysRun() {
      var changes = Map.of("b", change(NOW.minus(SECOND), "a"), "c", change(NOW, "a"));
      assertThat(history(changes, "c", "b", "a").sealing(NOW)).isEqualTo("a");
    }

    @Test
    void oldSecretContinuesToSealAfterARollback() {
      var changes = Map.of("b", change(NOW, "a"));
      var rolledBack = history(changes, "a", "b");
      assertThat(rolledBack.sealing(NOW)).isEqualTo("a");
      var stored = rolledBack.with(rolledBack.newChange(NOW.plus(SECOND)));
      assertThat(stored.sealing(NOW.plus(DELAY).minus(SECOND))).isEqualTo("a");
      assertThat(stored.sealing(NOW.plus(DELAY).plus(SECOND))).isEqualTo("a");
    }
  }

  @Nested
  class TheNewChange {
    @Test
    void namesTheTimeUntilWhichThePreviousSecretSeals() {
      assertThat(history(Map.of(), "b", "a").newChange(NOW)).isEqualTo(change(NOW, "a"));
    }

    @Test
    void keepsTheTimesOfEarlierChanges() {
      var earlier = change(NOW.minus(DELAY), "a");
      assertThat(history(Map.of("b", earlier), "c", "b").newChange(NOW).sealedUntil())
          .isEqualTo(Map.of("a", NOW, "b", NOW.plus(DELAY)));
    }
  }

  @Test
  void secretIsBackIfAnotherSecretCameLater() {
    var changes = Map.of("a", change(NOW.minus(DELAY), "b"), "c", change(NOW, "a"));
    assertThat(history(changes, "a", "c").isCurrentBack()).isTrue();
    assertThat(history(changes, "c", "a").isCurrentBack()).isFalse();
    assertThat(history(Map.of(), "a").isCurrentBack()).isFalse();
  }

  @Test
  void missingSecretIsFoundInTheChanges() {
    var changes = Map.of("b", change(NOW, "a"));
    assertThat(history(changes, "b").missingUntil()).contains(NOW.plus(DELAY));
    assertThat(history(changes, "b", "a").missingUntil()).isEmpty();
  }

  private static SecretHistory history(Map<String, SecretChange> changes, String... ids) {
    return new SecretHistory(List.of(ids), changes, DELAY);
  }

  /** Returns a change at this time, until which the other secret sealed. */
  private static SecretChange change(Instant learnt, String sealing) {
    return new SecretChange(learnt, Map.of(sealing, learnt.plus(DELAY)));
  }
}
