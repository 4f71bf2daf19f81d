package io.minilogin.it.gateway;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that these tests need and that are not part of the project. */
public final class Installed {
  private Installed() {}

  /**
   * Returns the location of a program. Skips the test if the program is not installed.
   *
   * @param name the name of a program on the path, or a path
   */
  public static Path program(String name) {
    var path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    // Daemons are in directories that are not on every user's path.
    return Stream.concat(Stream.of(path), Stream.of("/usr/local/sbin", "/usr/sbin"))
        .map(directory -> Path.of(directory).resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> abort(name + " is not installed: its tests are skipped"));
  }

  /** Skips the test if this file of a required package does not exist. */
  static void file(Path file, String itsPackage) {
    assumeTrue(Files.exists(file), itsPackage + " is not installed: its recipes are not tested");
  }
}
