package io.minilogin.bench;

import io.minilogin.it.KillAtExit;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A process on one or several cores, whose environment has only the given variables and the path.
 * The process ends with this JVM at the latest.
 */
final class PinnedProcess implements AutoCloseable {
  private final Process process;
  private final KillAtExit atExit;
  private final List<String> output = new ArrayList<>();
  private MatchResult announcement;

  /**
   * Starts a process and returns once a line of its output contains a match.
   *
   * @param announced the regular expression of {@link #announcement}
   */
  static PinnedProcess start(
      String cores, Map<String, String> environment, String announced, List<String> command) {
    var started = new PinnedProcess(cores, environment, command);
    started.readUntil(Pattern.compile(announced));
    return started;
  }

  private PinnedProcess(String cores, Map<String, String> environment, List<String> command) {
    // taskset replaces itself with the command, so this process is the measured process.
    var pinned = new ArrayList<>(List.of("taskset", "-c", cores));
    pinned.addAll(command);
    var builder = new ProcessBuilder(pinned).redirectErrorStream(true);
    builder.environment().keySet().retainAll(Set.of("PATH"));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    atExit = new KillAtExit(process);
  }

  MatchResult announcement() {
    return announcement;
  }

  /** Returns the output up to the announcement. */
  String output() {
    return String.join("\n", output);
  }

  Usage usage() {
    return Usage.of(process.pid());
  }

  @Override
  public void close() {
    atExit.kill();
  }

  private void readUntil(Pattern announced) {
    var reader = process.inputReader();
    try {
      while (announcement == null) {
        var line = reader.readLine();
        if (line == null) {
          close();
          throw new IllegalStateException("A process ended too early:\n" + output());
        }
        output.add(line);
        announcement = announced.matcher(line).results().findFirst().orElse(null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var rest = new Thread(() -> discard(reader));
    rest.setDaemon(true);
    rest.start();
  }

  /** Reads the output and discards it. A full pipe would block the process. */
  private static void discard(Reader output) {
    try {
      output.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // The stream of a killed process ends like this.
    }
  }
}
