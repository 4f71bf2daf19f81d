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

/** The output of a process so far, standard output and standard error combined. */
final class ProcessOutput {
  private static final Pattern LISTENING =
      Pattern.compile(
          "Listening on: http://([\\d.]+):(\\d+)\\."
              + " Management interface listening on http://[\\d.]+:(\\d+)\\.");

  /** The free ports that the service chose, at all addresses or at one address. */
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

  /** Completes with the ports. Fails if the output ends without them. */
  CompletableFuture<Ports> ports() {
    return ports;
  }

  /** Returns when the process has ended and all of its output is read. */
  void awaitEnd() throws InterruptedException {
    reader.join();
  }

  private void read(InputStream stream) {
    try (var input = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (var line = input.readLine(); line != null; line = input.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // The stream of a killed process may end with an exception.
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
