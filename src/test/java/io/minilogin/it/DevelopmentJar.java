package io.minilogin.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The jar that the first command of the README builds and starts. */
final class DevelopmentJar {
  private static final Path JAR = Path.of("target", "dev", "mini-login-dev.jar");

  private DevelopmentJar() {}

  /** Returns the jar. Skips the test if the jar is not built. */
  static ServiceProcess.Builder service() {
    assumeTrue(Files.exists(JAR), JAR + " does not exist: ./mvnw -Pdev package builds it");
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ServiceProcess.Builder()
        .command(List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-jar", JAR.toString()));
  }
}
