package io.minilogin.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
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
    var writer = Files.newOutputStream(program, StandardOpenOption.APPEND);
    var closed = CompletableFuture.runAsync(() -> closeAfterFailures(writer, builder));
    assertThat(EmbeddedRedis.start(builder).waitFor()).isZero();
    closed.join();
  }

  @Test
  void missingProgramIsAFailure() {
    var builder = new ProcessBuilder(directory.resolve("missing").toString());
    assertThatThrownBy(() -> EmbeddedRedis.start(builder)).isInstanceOf(IOException.class);
  }

  /** Fails to start the program some times, and then closes it. */
  private static void closeAfterFailures(OutputStream writer, ProcessBuilder builder) {
    try (writer) {
      for (var attempt = 0; attempt < 20; attempt++) {
        assertThatThrownBy(builder::start).hasMessageContaining("Text file busy");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
