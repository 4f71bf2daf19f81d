package io.minilogin.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  @TempDir private Path directory;

  @Test
  void writableDirectoryIsLeftUnchanged() {
    TemporaryDirectory.requireWritable(directory);
    assertThat(directory).isEmptyDirectory();
  }

  /** No directory is unwritable for root, so the test uses a file and a missing path. */
  @Test
  void unwritableDirectoryIsRejected() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    refused(file);
    refused(directory.resolve("missing"));
  }

  private static void refused(Path directory) {
    assertThatThrownBy(() -> TemporaryDirectory.requireWritable(directory))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("java.io.tmpdir ");
  }
}
