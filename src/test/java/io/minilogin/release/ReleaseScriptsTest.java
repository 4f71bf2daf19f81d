package io.minilogin.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.release.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts of a release, in a copy of the files that they read. */
class ReleaseScriptsTest {
  private static final String SITE = "https://owner.github.io/mini-login";
  private static final Map<String, String> NAMES =
      Map.of(
          "IMAGE", "ghcr.io/Owner/mini-login", "CHART", "ghcr.io/Owner/charts", "SITE_URL", SITE);

  private static final Path VALUES = Path.of("charts", "mini-login", "values.yaml");

  @TempDir private Path root;

  @BeforeEach
  void copyScripts() throws IOException {
    Shell.requireBash();
    Files.createDirectory(root.resolve(".ci"));
    for (var name :
        List.of("chart", "files", "image", "names", "notes").stream()
            .map("release-"::concat)
            .toList()) {
      Files.copy(Path.of(".ci", name), root.resolve(".ci").resolve(name));
    }
    write(
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [1.2.0] - 2027-01-31\n\n- a\n- b\n\n## [1.1.0]\n");
  }

  @ParameterizedTest
  @CsvSource({"1.2.0, 1.2.0 1.2 latest, 1.2", "1.2.0-rc.1, 1.2.0-rc.1, next"})
  void tagOfTheVersionInThePomIsAccepted(String version, String tags, String docs)
      throws Exception {
    pom(version);
    assertThat(run("release-names", NAMES, "v" + version))
        .isEqualTo(
            new Result(
                0,
                """
                version=%s
                tags=%s
                image=ghcr.io/owner/mini-login
                chart=ghcr.io/owner/charts
                docs=%s/%s
                """
                    .formatted(version, tags, SITE, docs)));
  }

  @Test
  void releaseWithoutASiteHasNoAddressOfPages() throws Exception {
    pom("1.2.0");
    var names = new HashMap<>(NAMES);
    names.put("SITE_URL", "");
    assertThat(run("release-names", names, "v1.2.0").output()).endsWith("docs=\n");
  }

  /** Programs that print their arguments stand for Helm, which is only a library of the tests. */
  @ParameterizedTest
  @CsvSource({"'', '\"\"'", SITE + "/1.2, " + SITE + "/1.2"})
  void chartLinksToThePagesOfItsVersion(String docs, String value) throws Exception {
    write("charts/mini-login/values.yaml", Files.readString(VALUES));
    program("helm", "echo \"helm $*\"");
    var result = run("release-chart", Map.of("PATH", path(), "DOCS_URL", docs), "1.2.0", "release");
    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                """
                helm lint --strict charts/mini-login
                helm package charts/mini-login --version 1.2.0 --app-version 1.2.0 --destination release
                """));
    assertThat(root.resolve("charts/mini-login/values.yaml"))
        .hasContent(Files.readString(VALUES).replace("docsUrl: \"\"", "docsUrl: " + value));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.0-SNAPSHOT, v1.2.0, needs the version 1.2.0 in pom.xml",
    "1.2.1, v1.2.1, has no section",
    "1.2.0, 1.2.0, is not a tag",
    "1.2.0, v1.2, is not a tag",
  })
  void otherTagsAreRefused(String version, String tag, String reason) throws Exception {
    pom(version);
    var result = run("release-names", NAMES, tag);
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).contains(reason);
  }

  @Test
  void notesAreTheSectionOfTheVersion() throws Exception {
    assertThat(run("release-notes", Map.of(), "1.2.0").output()).isEqualTo("\n- a\n- b\n");
    assertThat(run("release-notes", Map.of(), "1.1.0").status()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "native, mini-login, mini-login-1.2.0-linux-arm64, mini-login-1.2.0-linux-arm64.cdx.json",
    "jvm, quarkus-app/quarkus-run.jar, mini-login-1.2.0-jar.tar.gz, mini-login-1.2.0-jar.cdx.json",
    "dev, mini-login-dev.jar, mini-login-dev-1.2.0.jar, mini-login-dev-1.2.0.cdx.json",
  })
  void filesAreNamedByVersionAndProcessor(String kind, String built, String file, String bom)
      throws Exception {
    write("files/" + built, "artefact");
    write("files/bom.json", "{}");
    var result = run("release-files", Map.of(), kind, "arm64", "1.2.0", "files", "release");
    assertThat(result.output()).isEmpty();
    try (var files = Files.list(root.resolve("release"))) {
      assertThat(files.map(it -> it.getFileName().toString())).containsExactlyInAnyOrder(file, bom);
    }
  }

  /** There is no registry here: programs that print their arguments stand for its clients. */
  @Test
  void imageOfBothProcessorsIsTaggedSignedAndDescribedInEachRepository() throws Exception {
    for (var processor : List.of("amd64", "arm64")) {
      write("built/" + processor + "/digest", "sha256:" + processor);
      write("built/" + processor + "/release/mini-login-" + processor + ".cdx.json", "{}");
    }
    program("docker", "case $* in *inspect*) echo sha256:both ;; *) echo \"docker $*\" ;; esac");
    program("cosign", "echo \"cosign $*\"");
    var environment =
        Map.of(
            "PATH",
            path(),
            "TAGS",
            "1.2.0 1.2",
            "SUFFIX",
            "-jvm",
            "GITHUB_OUTPUT",
            root.resolve("output").toString());
    var result = run("release-image", environment, "built", "a.example/x", "b.example/x");
    assertThat(result.status()).isZero();
    assertThat(result.output()).isEqualTo(commands("a.example/x") + commands("b.example/x"));
    assertThat(root.resolve("output")).hasContent("digest=sha256:both\n");
  }

  private static String commands(String repository) {
    return """
    docker buildx imagetools create --tag %1$s:1.2.0-jvm --tag %1$s:1.2-jvm a.example/x@sha256:amd64 a.example/x@sha256:arm64
    cosign sign --yes --recursive %1$s@sha256:both
    cosign attest --yes --type cyclonedx --predicate built/amd64/release/mini-login-amd64.cdx.json %1$s@sha256:both
    """
        .formatted(repository);
  }

  private void pom(String version) throws IOException {
    write("pom.xml", "<project>\n  <version>" + version + "</version>\n</project>\n");
  }

  /** Returns a PATH on which programs of the test are found first. */
  private String path() {
    return root.resolve("bin") + ":" + System.getenv("PATH");
  }

  private void program(String name, String script) throws IOException {
    write("bin/" + name, "#!/bin/bash\n" + script + "\n");
    assertThat(root.resolve("bin").resolve(name).toFile().setExecutable(true)).isTrue();
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }

  private Result run(String script, Map<String, String> environment, String... arguments)
      throws Exception {
    var command = new ArrayList<>(List.of(".ci/" + script));
    command.addAll(Arrays.asList(arguments));
    return Shell.run(root, environment, command.toArray(String[]::new));
  }
}
