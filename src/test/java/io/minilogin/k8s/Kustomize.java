package io.minilogin.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Renders with {@code kubectl kustomize}. */
final class Kustomize {
  private static final Path ROOT = Path.of("k8s");
  private static final Path KUSTOMIZATIONS = Path.of("target", "k8s");
  private static final boolean INSTALLED = minorVersion() >= 21;

  private Kustomize() {}

  /** Whether kubectl is installed and supports components. */
  static boolean isInstalled() {
    return INSTALLED;
  }

  static Manifests render(Rendering rendering) {
    assumeTrue(
        INSTALLED, "kubectl from 1.21 on is not installed: the output of kustomize is not tested");
    try {
      var directory =
          rendering.components().isEmpty() ? ROOT.resolve(rendering.folder()) : together(rendering);
      return new Manifests(Rendering.parse(output("kubectl", "kustomize", directory.toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the minor version of kubectl; 0 if it is not installed. */
  private static int minorVersion() {
    try {
      var version = output("kubectl", "version", "--client", "--output=json");
      var minor = new YAMLMapper().readTree(version).at("/clientVersion/minor").asText();
      return Integer.parseInt(minor.replaceAll("\\D", ""));
    } catch (IOException e) {
      return 0;
    }
  }

  /** Writes a kustomization with the components, as a user of this project would. */
  private static Path together(Rendering rendering) throws IOException {
    var directory = KUSTOMIZATIONS.resolve(rendering.toString().replaceAll("[^a-z0-9-]+", "_"));
    Files.createDirectories(directory);
    var root = directory.toAbsolutePath().relativize(ROOT.toAbsolutePath());
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        rendering.components().stream()
            .map(component -> "  - " + root.resolve("components").resolve(component) + "\n")
            .collect(
                Collectors.joining(
                    "",
                    "resources:\n  - " + root.resolve(rendering.folder()) + "\ncomponents:\n",
                    "")));
    return directory;
  }

  /** Returns the output of the command. Fails with its errors if the command fails. */
  private static String output(String... command) throws IOException {
    var errors = Files.createTempFile("kubectl", ".err");
    try {
      var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return output;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      Files.delete(errors);
    }
  }
}
