package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks what the ways to build an image have in common. No container engine is available to build
 * an image.
 */
class ImagesTest {
  private static final Pattern COPIED = Pattern.compile("(?m)^COPY ((?!--from).+) \\S+$");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/docker/Dockerfile.native",
        "src/main/docker/Dockerfile.jvm",
        "src/dev/docker/Dockerfile"
      })
  void copiedFilesExistAndAreNotIgnored(String dockerfile) throws IOException {
    var allowed = Files.readAllLines(Path.of(".dockerignore"));
    var copied =
        COPIED
            .matcher(Files.readString(Path.of(dockerfile)))
            .results()
            .flatMap(line -> Stream.of(line.group(1).split(" ")))
            .toList();
    assertThat(copied)
        .contains("pom.xml", "src")
        .allSatisfy(path -> assertThat(Path.of(path)).exists())
        .allSatisfy(path -> assertThat(allowed).contains("!" + path));
  }

  @Test
  void jibUsesTheSameJavaOptionsAsTheDockerfile() throws IOException {
    var options = String.join(",", Artefact.javaOptions());
    assertThat(options).contains("MaxRAMPercentage");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<quarkus.jib.jvm-additional-arguments>" + options + "</");
  }
}
