package io.minilogin.it.gateway;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that these tests need and the project does not bring. */
public final class Installed {
  private Installed() {}

  /**
   * Where it lies; the test is skipped when it is not installed.
   *
   * @param name on the path, or with a path of its own
   */
  public static Path program(String name) {
    var path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    // Daemons lie where not every user's path leads.
    return Stream.concat(Stream.of(path), Stream.of("/usr/local/sbin", "/usr/sbin"))
        .map(directory -> Path.of(directory).resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> abort(name + " is not installed: what needs it is not tested here"));
  }

  /** The test is skipped when this file of a package that a recipe wants is not there. */
  static void file(Path file, String itsPackage) {
    assumeTrue(
        Files.exists(file), itsPackage + " is not installed: no recipe that needs it is tested");
  }
}
