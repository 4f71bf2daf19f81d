package io.minilogin.bench;

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
 * A process on one core or several, with the environment variables given here and no others but the
 * path. Ends with this JVM at the latest.
 */
final class PinnedProcess implements AutoCloseable {
  private final Process process;
  private final Thread atExit;
  private final List<String> output = new ArrayList<>();
  private MatchResult announcement;

  /**
   * Returns once a line of its output has something that matches.
   *
   * @param announced what {@link #announcement} gets
   */
  static PinnedProcess start(
      String cores, Map<String, String> environment, String announced, List<String> command) {
    var started = new PinnedProcess(cores, environment, command);
    started.readUntil(Pattern.compile(announced));
    return started;
  }

  private PinnedProcess(String cores, Map<String, String> environment, List<String> command) {
    // It replaces itself by the command, so that the process is the one to measure.
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
    atExit = new Thread(process::destroyForcibly);
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException e) {
      process.destroyForcibly(); // the JVM is ending already
      throw e;
    }
  }

  MatchResult announcement() {
    return announcement;
  }

  /** Up to the announcement. */
  String output() {
    return String.join("\n", output);
  }

  Usage usage() {
    return Usage.of(process.pid());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook has nothing left to do.
    }
  }

  private void readUntil(Pattern announced) {
    var reader = process.inputReader();
    try {
      while (announcement == null) {
        var line = reader.readLine();
        if (line == null) {
          close();
          throw new IllegalStateException("A process ended before its time:\n" + output());
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

  /** A pipe that nobody reads would stop the process when it is full. */
  private static void discard(Reader output) {
    try {
      output.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // The stream of a killed process ends like this.
    }
  }
}
