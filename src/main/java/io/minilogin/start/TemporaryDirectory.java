package io.minilogin.start;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory for temporary files, in which Vert.x creates a directory at the start. */
final class TemporaryDirectory {
  private static final String OTHER = "quarkus.vertx.cache-directory";
  private static final String OTHER_VARIABLE = "QUARKUS_VERTX_CACHE_DIRECTORY";

  private TemporaryDirectory() {}

  /**
   * Throws a {@link ConfigurationException} if {@code java.io.tmpdir} is not writable, unless
   * Vert.x uses another directory.
   */
  static void requireWritable() {
    if (System.getProperty(OTHER) == null && System.getenv(OTHER_VARIABLE) == null) {
      requireWritable(Path.of(System.getProperty("java.io.tmpdir")));
    }
  }

  static void requireWritable(Path directory) {
    try {
      Files.delete(Files.createTempDirectory(directory, "mini-login"));
    } catch (IOException e) {
      throw new ConfigurationException(
          "java.io.tmpdir is not writable, and the start creates a file there: in"
              + " a container with a read-only root file system, mount a volume at /tmp");
    }
  }
}
