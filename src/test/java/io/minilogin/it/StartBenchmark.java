package io.minilogin.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Time from the start of the process to the answer to its first login, and resident memory after
 * that and after 300 more, medians of three starts. Of the artefact that {@code -Dartefact.kind}
 * names; run by {@code bench/run start} for the jar and, where it has been built, for the native
 * executable.
 */
final class StartBenchmark {
  private static final int STARTS = 3;
  private static final int LOGINS = 300;

  private final List<Long> firstLogin = new ArrayList<>();
  private final List<Long> memoryAtFirst = new ArrayList<>();
  private final List<Long> memoryLater = new ArrayList<>();

  private StartBenchmark() {}

  public static void main(String... none) {
    var benchmark = new StartBenchmark();
    try (var surroundings = Surroundings.start()) {
      for (int i = 0; i < STARTS; i++) {
        benchmark.start(surroundings);
      }
    }
    System.out.printf(
        "%-6s first login %,d ms after the start; resident %,d MB then, %,d MB after %,d logins%n",
        System.getProperty("artefact.kind", "jar"),
        median(benchmark.firstLogin),
        median(benchmark.memoryAtFirst) / 1024,
        median(benchmark.memoryLater) / 1024,
        LOGINS);
  }

  private void start(Surroundings surroundings) {
    var watch = Stopwatch.start();
    try (var service = surroundings.service().startWithoutRedis()) {
      service.client().tokenFor(Codes.code());
      firstLogin.add(watch.elapsed().toMillis());
      memoryAtFirst.add(residentKilobytes(service.pid()));
      LongStream.range(0, LOGINS).forEach(i -> service.client().tokenFor(Codes.code()));
      memoryLater.add(residentKilobytes(service.pid()));
    }
  }

  private static long residentKilobytes(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
