package io.minilogin.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures the resident memory in MB after thousands of logins and a million checks, by the number
 * of processors that the service sees: with its default number of event loops, and with one event
 * loop per processor.
 */
final class SizeBenchmark {
  private static final List<Integer> PROCESSORS = List.of(1, 2, 4, 8, 16);

  private SizeBenchmark() {}

  public static void main(String... none) {
    Machine.print();
    var artefacts = Artefact.all();
    row("processors", artefacts.stream().flatMap(each -> names(each.name())));
    row("--:", artefacts.stream().flatMap(each -> Stream.of("--:", "--:")));
    for (int processors : PROCESSORS) {
      row(
          String.valueOf(processors),
          artefacts.stream()
              .map(each -> each.with("-XX:ActiveProcessorCount=" + processors))
              .flatMap(each -> Stream.of(megabytes(each, Map.of()), megabytes(each, processors))));
    }
  }

  private static Stream<String> names(String artefact) {
    return Stream.of(artefact, artefact + ", a loop for each");
  }

  private static String megabytes(Artefact artefact, int loops) {
    var variable = "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE";
    return megabytes(artefact, Map.of(variable, String.valueOf(loops)));
  }

  private static String megabytes(Artefact artefact, Map<String, String> settings) {
    try (var redis = Servers.redis();
        var simulator = Servers.simulator();
        var service = Servers.service(Servers.BOTH, artefact, redis, simulator, settings)) {
      Checks.send(service);
      return String.valueOf(service.usage().residentKilobytes() / 1024);
    }
  }

  private static void row(String first, Stream<String> others) {
    System.out.println("| " + first + others.reduce("", (all, one) -> all + " | " + one) + " |");
  }
}
