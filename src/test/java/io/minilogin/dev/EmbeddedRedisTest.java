package io.minilogin.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {
  @TempDir private Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void programThatIsStillOpenForWritingIsStartedLater() throws Exception {
    var program = Files.copy(Path.of("/bin/true"), directory.resolve("program"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var builder = new ProcessBuilder(program.toString());
    CompletableFuture<Process> started;
    try (var writer = Files.newOutputStream(program, StandardOpenOption.APPEND)) {
      assertThat(writer).isNotNull();
      assertThatThrownBy(builder::start).hasMessageContaining("Text file busy");
      started = CompletableFuture.supplyAsync(() -> start(builder));
    }
    assertThat(started.join().waitFor()).isZero();
  }

  @Test
  void missingProgramIsAFailure() {
    var builder = new ProcessBuilder(directory.resolve("missing").toString());
    assertThatThrownBy(() -> EmbeddedRedis.start(builder)).isInstanceOf(IOException.class);
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return EmbeddedRedis.start(builder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
