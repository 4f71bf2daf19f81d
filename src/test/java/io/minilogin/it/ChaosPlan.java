package io.minilogin.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The failures with their times and durations: a pure function of the seed. */
final class ChaosPlan {
  static final int INSTANCES = 3;

  /** The instance that is never killed, so that its memory can be observed. */
  static final int SURVIVOR = 0;

  private static final int ROUND_MILLIS = 20_000;

  /** A failure after a pause. */
  record Turn(ChaosFault fault, int instance, int pauseMillis, int millis) {
    @Override
    public String toString() {
      var which = fault instanceof ChaosFault.OfInstance ? " " + instance : "";
      return "%s%s for %d ms".formatted(name(fault), which, millis);
    }
  }

  private final Random random;

  ChaosPlan(long seed) {
    random = new Random(seed);
  }

  /** Returns one list of turns for each place. Failures of one place follow each other. */
  List<List<Turn>> nextRound() {
    return List.of(
        turns(ChaosFault.OfInstance.values()),
        turns(ChaosFault.OfRedis.values()),
        turns(ChaosFault.OfWechat.values()));
  }

  private List<Turn> turns(ChaosFault... faults) {
    var turns = new ArrayList<Turn>();
    for (int millis = 0; millis < ROUND_MILLIS; ) {
      var fault = faults[random.nextInt(faults.length)];
      var first = fault == ChaosFault.OfInstance.KILLED ? SURVIVOR + 1 : 0;
      var turn =
          new Turn(
              fault,
              random.nextInt(first, INSTANCES),
              random.nextInt(300, 3000),
              random.nextInt(300, 6000));
      turns.add(turn);
      millis += turn.pauseMillis() + turn.millis();
    }
    return turns;
  }

  /** Returns the name of a failure in figures and messages, such as {@code redis killed}. */
  static String name(ChaosFault fault) {
    var place = fault.getClass().getSimpleName().replace("Of", "");
    return (place + " " + fault).toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
