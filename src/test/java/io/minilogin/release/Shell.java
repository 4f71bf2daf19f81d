package io.minilogin.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands of Bash. */
final class Shell {
  private static final File BASH = new File("/bin/bash");

  private Shell() {}

  /**
   * @param output what the command has written to both streams
   */
  record Result(int status, String output) {}

  static void requireBash() {
    assumeTrue(BASH.canExecute(), "the scripts of CI are for Bash, which is not installed");
  }

  static Result run(Path directory, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(BASH.getPath()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile());
    builder.redirectErrorStream(true).environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " does not end");
    }
    return new Result(process.exitValue(), output);
  }
}
