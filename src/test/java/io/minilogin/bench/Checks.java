package io.minilogin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.stream.IntStream;

/** The load that warms up a service: thousands of logins and a million checks. */
final class Checks {
  private static final int SESSIONS = 4096;

  /** The minimum number of checks. A smaller number shows a trend sooner. */
  private static final int LEAST = Integer.getInteger("bench.checks", 1_000_000);

  private static final int SECONDS = 5;

  private Checks() {}

  /** Sends the checks. Throws if one of them fails. */
  static void send(PinnedProcess service) {
    var caller = new Caller(Servers.uri(service));
    var tokens =
        IntStream.range(0, SESSIONS)
            // Another artefact may have used the same Redis, so every code must be unique.
            .mapToObj(i -> caller.login("user" + i + "." + System.nanoTime()).orElseThrow())
            .toList();
    try {
      var file = Files.write(Files.createTempFile("tokens", ""), tokens);
      for (long done = 0; done < LEAST; ) {
        var url = Servers.uri(service) + "/verify";
        var wrk = Wrk.run(SECONDS, file.toString(), "-s", "bench/tokens.lua", url);
        if (wrk.failures() > 0) {
          throw new IllegalStateException(wrk.toString());
        }
        done += wrk.requests();
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
