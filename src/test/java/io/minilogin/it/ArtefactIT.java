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
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The shipped artefact does not contain the simulated services of the development mode, and its
 * libraries have licences that fit Apache-2.0.
 */
@ExtendWith(SharedService.class)
class ArtefactIT {
  private static final Path THIRD_PARTY = Path.of("THIRD-PARTY.txt");

  /**
   * The licences under which software may be distributed within a work under Apache-2.0.
   *
   * @see <a href="https://www.apache.org/legal/resolved.html">ASF 3rd party license policy</a>
   */
  private static final Set<String> FITTING =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EPL-2.0",
          "MIT",
          "MIT-0",
          "UPL-1.0");

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

  @Test
  @Tag("long")
  void everyLibraryHasALicenceThatFits() throws IOException {
    assertThat(BillOfMaterials.ofArtefact().licences())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            (library, licences) -> assertThat(licences).as(library).containsAnyElementsOf(FITTING));
  }

  @Test
  @Tag("long")
  void listOfLibrariesAndLicencesIsCurrent() throws IOException {
    var current =
        BillOfMaterials.ofArtefact().licences().entrySet().stream()
            .map(library -> library.getKey() + ": " + String.join(" OR ", library.getValue()))
            .toList();
    if (Boolean.getBoolean("licences.record")) {
      Files.write(THIRD_PARTY, current);
    }
    assertThat(current)
        .as(
            "run ./mvnw verify -Dlong -DskipUnitTests=true -Dit.test=ArtefactIT -Dlicences.record=true"
                + " and commit "
                + THIRD_PARTY)
        .isEqualTo(Files.readAllLines(THIRD_PARTY));
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
