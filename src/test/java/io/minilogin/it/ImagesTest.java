package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks what the ways to build an image have in common. No container engine is available to build
 * an image.
 */
class ImagesTest {
  private static final Pattern COPIED = Pattern.compile("(?m)^COPY ((?!--from).+) \\S+$");

  private static Stream<Path> dockerfiles() {
    return Stream.of(
        Path.of("src/main/docker/Dockerfile.native"),
        Path.of("src/main/docker/Dockerfile.jvm"),
        Path.of("src/dev/docker/Dockerfile"));
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void copiedFilesExistAndAreNotIgnored(Path dockerfile) throws IOException {
    var allowed = Files.readAllLines(Path.of(".dockerignore"));
    var copied =
        COPIED
            .matcher(Files.readString(dockerfile))
            .results()
            .flatMap(line -> Stream.of(line.group(1).split(" ")))
            .toList();
    assertThat(copied)
        .contains("pom.xml", "src")
        .allSatisfy(path -> assertThat(Path.of(path)).exists())
        .allSatisfy(path -> assertThat(allowed).contains("!" + path));
  }

  /** The workflow of a release builds each image on a machine with the processor of the image. */
  @ParameterizedTest
  @MethodSource("dockerfiles")
  void dockerfilesFitEachProcessor(Path dockerfile) {
    assertThat(dockerfile).content().doesNotContain("amd64", "arm64", "x86_64", "--platform");
  }

  /** The names are those of the enums AMD64.CPUFeature and AArch64.CPUFeature in GraalVM. */
  @ParameterizedTest
  @CsvSource({"amd64, AES CLMUL", "aarch64, AES PMULL", "riscv64, ''"})
  void executableRequiresTheInstructionsForAesGcm(String processor, String instructions)
      throws IOException {
    var properties = Path.of("src", "main", "resources", "application.properties");
    var arguments =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(properties.toUri().toURL(), 100))
            .withDefaultValue("os.arch", processor)
            .build()
            .getValues("quarkus.native.additional-build-args", String.class);
    assertThat(arguments)
        .filteredOn(argument -> argument.startsWith("-H:CPUFeatures="))
        .map(argument -> argument.substring(argument.indexOf('=') + 1))
        .containsExactly(instructions.isEmpty() ? new String[0] : instructions.split(" "));
    assertThat(arguments).allMatch(argument -> argument.startsWith("-"));
  }

  @Test
  void jibUsesTheSameJavaOptionsAsTheDockerfile() throws IOException {
    var options = String.join(",", Artefact.javaOptions());
    assertThat(options).contains("MaxRAMPercentage");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<quarkus.jib.jvm-additional-arguments>" + options + "</");
  }
}
