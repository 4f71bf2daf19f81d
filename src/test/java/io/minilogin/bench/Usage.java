package io.minilogin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The resources that a process has used so far, as Linux counts them in /proc.
 *
 * @param cpuMicros the CPU time, user and system
 * @param workMicros the CPU time without the compilers of the JVM
 * @param residentKilobytes the current resident memory
 */
public record Usage(long cpuMicros, long workMicros, long residentKilobytes) {
  /** Linux counts 100 ticks per second wherever Java runs. */
  private static final long MICROS_PER_TICK = 10_000;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  public static Usage of(long pid) {
    var process = Path.of("/proc", Long.toString(pid));
    return new Usage(cpuMicros(process), workMicros(process), residentKilobytes(process));
  }

  // Sums the other threads, because compiler threads start and end.
  private static long workMicros(Path process) {
    try (var threads = Files.list(process.resolve("task"))) {
      return threads
          .filter(thread -> !read(thread.resolve("comm")).matches("(?s)C[12] Compiler.*"))
          .mapToLong(Usage::cpuMicros)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long cpuMicros(Path task) {
    // The second field is the name in parentheses, which may have spaces; utime and stime are the
    // 14th and the 15th.
    var afterName = read(task.resolve("stat")).replaceFirst(".*\\) ", "").split(" ", -1);
    return afterName.length < 13
        ? 0
        : (Long.parseLong(afterName[11]) + Long.parseLong(afterName[12])) * MICROS_PER_TICK;
  }

  private static long residentKilobytes(Path process) {
    var line = RESIDENT.matcher(read(process.resolve("status")));
    return Long.parseLong(line.results().findFirst().orElseThrow().group(1));
  }

  /** Reads a file of a thread; empty if the thread has ended. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
