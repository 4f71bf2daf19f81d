package io.minilogin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mvnw} explains what is wrong with Java before Maven fails with a stack trace. */
class MavenWrapperTest {
  @TempDir private Path home;

  @BeforeEach
  void requireShell() {
    assumeTrue(new File("/bin/sh").canExecute(), "mvnw is a script for POSIX shells");
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_392, 8", "11.0.2, 11", "16, 16"})
  void oldJavaIsRefused(String version, String major) throws Exception {
    var output = outputWithJava(version);
    assertThat(output)
        .isEqualTo(
            "mvnw: Java %s is too old (JAVA_HOME is %s): install a JDK 17 or newer, or set JAVA_HOME to its directory\n"
                .formatted(major, home));
  }

  @ParameterizedTest
  @CsvSource({"17", "21.0.4", "27-ea"})
  void newJavaIsAccepted(String version) throws Exception {
    assertThat(outputWithJava(version)).doesNotContain("too old");
  }

  @Test
  void missingJavaIsRefused() throws Exception {
    assertThat(output())
        .isEqualTo("mvnw: JAVA_HOME is %s, but there is no bin/java in it\n".formatted(home));
  }

  private String outputWithJava(String version) throws Exception {
    var java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"%s\"' >&2\n".formatted(version));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return output();
  }

  private String output() throws IOException, InterruptedException {
    var builder = new ProcessBuilder("sh", "mvnw", "--version").redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", home.toString());
    // The proxy refuses connections, so mvnw does not download Maven.
    builder.environment().put("MAVEN_USER_HOME", home.toString());
    builder.environment().put("https_proxy", "http://127.0.0.1:1");
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
