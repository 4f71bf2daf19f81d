package io.minilogin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The machine and the tools of a measurement. Figures of different machines are not comparable. */
final class Machine {
  private Machine() {}

  static void print() {
    var settings = Settings.OF_ENVIRONMENT;
    System.out.printf(
        """
        %s, %d cores, load %s before; Linux %s
        Java %s (%s); Redis %s; wrk %s
        JVM: %s; native executable: %s
        %d connections, %d s after %d s of warm-up; the server alone on core %s, all else on core %s

        """,
        first("/proc/cpuinfo", "model name\\s*: (.*)"),
        Runtime.getRuntime().availableProcessors(),
        first("/proc/loadavg", "(\\S+)"),
        System.getProperty("os.version"),
        Runtime.version(),
        System.getProperty("java.vm.name"),
        version("v=(\\S+)", "redis-server", "--version"),
        version("wrk (\\S+)", "wrk", "-v"),
        String.join(" ", settings.java()),
        String.join(" ", settings.executable()),
        Wrk.CONNECTIONS,
        settings.duration(),
        settings.warmUp(),
        Servers.MEASURED,
        Servers.AROUND);
  }

  /** Returns the current speed of the measured core: MB/s of SHA-256 over 256 MB. */
  static double megabytesPerSecond() {
    long began = System.nanoTime();
    var command =
        List.of("sh", "-c", "dd if=/dev/zero bs=1M count=256 status=none | sha256sum; echo done");
    PinnedProcess.start(Servers.MEASURED, Map.of(), "done", command).close();
    return Math.round(256 * 1e9 / (System.nanoTime() - began));
  }

  private static String version(String pattern, String... command) {
    try (var output = new ProcessBuilder(command).redirectErrorStream(true).start().inputReader()) {
      return found(pattern, String.join("\n", output.lines().toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String first(String file, String pattern) {
    try {
      return found(pattern, Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String found(String pattern, String text) {
    var matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "unknown";
  }
}
