package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** All that a process has written so far, standard output and standard error alike. */
final class ProcessOutput {
  private static final Pattern LISTENING =
      Pattern.compile(
          "Listening on: http://([\\d.]+):(\\d+)\\."
              + " Management interface listening on http://[\\d.]+:(\\d+)\\.");

  /** The ports that the service found free, at all addresses or at one. */
  record Ports(String host, int traffic, int management) {
    private static Ports of(MatchResult line) {
      return new Ports(
          line.group(1), Integer.parseInt(line.group(2)), Integer.parseInt(line.group(3)));
    }
  }

  private final List<String> lines = new ArrayList<>();
  private final CompletableFuture<Ports> ports = new CompletableFuture<>();
  private final Thread reader;

  ProcessOutput(InputStream stream) {
    reader = new Thread(() -> read(stream), "output of the service");
    reader.setDaemon(true);
    reader.start();
  }

  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Fails when the output ends without a word of ports. */
  CompletableFuture<Ports> ports() {
    return ports;
  }

  /** Returns once there is nothing more to come, because the process has ended. */
  void awaitEnd() throws InterruptedException {
    reader.join();
  }

  private void read(InputStream stream) {
    try (var input = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (var line = input.readLine(); line != null; line = input.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // The stream of a killed process ends like this.
    }
    ports.completeExceptionally(new IllegalStateException(String.join("\n", lines())));
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
    }
    LISTENING.matcher(line).results().findFirst().map(Ports::of).ifPresent(ports::complete);
  }
}
