package io.minilogin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that name the version have the version of the pom; .ci/set-version changes all of them. */
class VersionTest {
  /** An image or an archive of this project with its version. */
  private static final Pattern ARTEFACT =
      Pattern.compile("mini-login(?:-dev|-client)?[:-](\\d+\\.\\d+\\.\\d+)");

  private static final List<String> ROOTS =
      List.of("compose.yaml", "README.md", "client/README.md", "docs", "k8s", "src/main/docker");
  private static final Pattern KIND = Pattern.compile(".*(\\.md|\\.yaml|/Dockerfile\\.\\w+)");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          src/main/resources/META-INF/openapi.yaml | (?m)^  version: (.+)$
          k8s/base/kustomization.yaml              | (?m)^    newTag: (.+)$
          charts/mini-login/Chart.yaml             | (?m)^version: "(.+)"$
          charts/mini-login/Chart.yaml             | (?m)^appVersion: "(.+)"$
          client/package.json                      | "version": "(.+)"
          client/package-lock.json                 | "version": "(.+)"
          client/example/package.json              | "version": "(.+)"
          src/main/docker/Dockerfile.jvm           | ARG VERSION=(.+)
          src/main/docker/Dockerfile.native        | ARG VERSION=(.+)
          src/dev/docker/Dockerfile                | ARG VERSION=(.+)
          docs/kubernetes.md                       | container-image\\.tag=([0-9.]+)
          docs/zh/kubernetes.md                    | container-image\\.tag=([0-9.]+)
          """)
  void fileHasTheVersionOfTheProject(Path file, Pattern version) throws IOException {
    var found = version.matcher(Files.readString(file));
    assertThat(found.find()).isTrue();
    assertThat(found.group(1)).isEqualTo(ProjectVersion.release());
  }

  @Test
  void imagesAndArchivesHaveTheVersionOfTheProject() throws IOException {
    var versions = new ArrayList<String>();
    for (var file : files()) {
      ARTEFACT.matcher(Files.readString(file)).results().forEach(it -> versions.add(it.group(1)));
    }
    assertThat(versions).hasSizeGreaterThan(20).containsOnly(ProjectVersion.release());
  }

  private static List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (var root : ROOTS) {
      try (var below = Files.walk(Path.of(root))) {
        below.filter(file -> KIND.matcher(file.toString()).matches()).forEach(files::add);
      }
    }
    return files;
  }
}
