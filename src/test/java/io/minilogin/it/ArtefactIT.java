package io.minilogin.it;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shipped artefact does not contain the simulated services of the development mode. */
@ExtendWith(SharedService.class)
class ArtefactIT {

  @Test
  void jarsContainNoSimulatorAndNoRedis() throws IOException {
    assumeFalse(Artefact.isNative());
    var all = filesAndEntries(Artefact.directory().resolve("quarkus-app"));
    assertThat(all).anyMatch(name -> name.contains("io/minilogin/login/"));
    assertThat(all)
        .noneMatch(name -> name.contains("io/minilogin/dev"))
        .noneMatch(name -> name.contains("META-INF/resources/page"))
        .noneMatch(name -> name.contains("embedded-redis"))
        .noneMatch(name -> name.contains("redis-server"));
  }

  @Test
  void executableContainsNoSimulatorAndNoRedis() throws IOException {
    assumeTrue(Artefact.isNative());
    var bytes = new String(Files.readAllBytes(Artefact.executable()), ISO_8859_1);
    assertThat(bytes.contains("io.minilogin.login")).isTrue();
    for (var name : List.of("io.minilogin.dev", "io/minilogin/dev", "redis-server-6")) {
      assertThat(bytes.contains(name)).as(name).isFalse();
    }
  }

  @Test
  void developmentPageIsNotServed(Shared shared) {
    for (var path : List.of("/", "/index.html", "/page/page.js", "/development/state")) {
      given().baseUri(shared.client().traffic().toString()).get(path).then().statusCode(404);
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
