package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What stands in for the world in development is not in what is shipped. */
class ArtefactIT {

  @Test
  void theJarsHoldNoSimulatorAndNoRedis() throws IOException {
    assumeFalse(Artefact.isNative());
    var all = filesAndEntries(Artefact.directory().resolve("quarkus-app"));
    assertThat(all).anyMatch(name -> name.contains("io/minilogin/login/"));
    assertThat(all)
        .noneMatch(name -> name.contains("io/minilogin/dev"))
        .noneMatch(name -> name.contains("embedded-redis"))
        .noneMatch(name -> name.contains("redis-server"));
  }

  @Test
  void theExecutableHoldsNoSimulatorAndNoRedis() throws IOException {
    assumeTrue(Artefact.isNative());
    var bytes = new String(Files.readAllBytes(Artefact.executable()), ISO_8859_1);
    assertThat(bytes.contains("io.minilogin.login")).isTrue();
    for (var name : List.of("io.minilogin.dev", "io/minilogin/dev", "redis-server-6")) {
      assertThat(bytes.contains(name)).as(name).isFalse();
    }
  }

  private static List<String> filesAndEntries(Path directory) throws IOException {
    var names = new ArrayList<String>();
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        names.add(directory.relativize(file).toString());
        if (file.toString().endsWith(".jar")) {
          try (var jar = new JarFile(file.toFile())) {
            jar.stream().map(ZipEntry::getName).forEach(names::add);
          }
        }
      }
    }
    return names;
  }
}
