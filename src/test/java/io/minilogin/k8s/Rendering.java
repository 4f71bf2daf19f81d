package io.minilogin.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The output of {@code kubectl kustomize} for a folder with components.
 *
 * @param folder the folder below {@code k8s}; empty for {@code k8s} itself
 */
record Rendering(String folder, List<String> components) {
  static final Rendering K8S = new Rendering("", List.of());
  static final Rendering BASE = new Rendering("base", List.of());
  static final Rendering DEV = new Rendering("overlays/dev", List.of());
  static final Rendering PROD = new Rendering("overlays/prod", List.of());

  private static final Path ROOT = Path.of("k8s");
  private static final Path KUSTOMIZATIONS = Path.of("target", "k8s");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Map<Rendering, Manifests> RENDERED = new ConcurrentHashMap<>();
  private static final int KUBECTL = minorVersion();

  static Rendering prodWith(String... components) {
    return new Rendering(PROD.folder, List.of(components));
  }

  /** Returns all documented folders, and production with its optional components. */
  static Stream<Rendering> all() {
    return Stream.concat(
        Stream.of(K8S, BASE, DEV, new Rendering("", List.of("network-policy"))), production());
  }

  /** Returns production without optional components, with each of them, and with all of them. */
  static Stream<Rendering> production() {
    var missing = componentsBesideProd();
    return Stream.of(
            Stream.of(PROD),
            missing.stream().map(Rendering::prodWith),
            Stream.of(new Rendering(PROD.folder, missing)))
        .flatMap(renderings -> renderings);
  }

  static List<String> componentsBesideProd() {
    try (var folders = Files.list(ROOT.resolve("components"))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.equals("network-policy"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Renders once. Skips the test if kubectl is missing or does not support components. */
  Manifests manifests() {
    assumeTrue(
        KUBECTL >= 21,
        "kubectl from 1.21 on is not installed: the manifests in k8s are not tested");
    return RENDERED.computeIfAbsent(this, Rendering::render);
  }

  /** Returns the minor version of kubectl; 0 if it is not installed. */
  private static int minorVersion() {
    try {
      var version = output("kubectl", "version", "--client", "--output=json");
      var minor = YAML.readTree(version).at("/clientVersion/minor").asText();
      return Integer.parseInt(minor.replaceAll("\\D", ""));
    } catch (IOException e) {
      return 0;
    }
  }

  private Manifests render() {
    try {
      var directory = components.isEmpty() ? ROOT.resolve(folder) : together();
      return new Manifests(parse(output("kubectl", "kustomize", directory.toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> parse(String yaml) throws IOException {
    return YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll();
  }

  /** Writes a kustomization with the components, as a user of this project would. */
  private Path together() throws IOException {
    var directory = KUSTOMIZATIONS.resolve(toString().replaceAll("[^a-z0-9-]+", "_"));
    Files.createDirectories(directory);
    var root = directory.toAbsolutePath().relativize(ROOT.toAbsolutePath());
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        components.stream()
            .map(component -> "  - " + root.resolve("components").resolve(component) + "\n")
            .collect(
                Collectors.joining(
                    "", "resources:\n  - " + root.resolve(folder) + "\ncomponents:\n", "")));
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

  @Override
  public String toString() {
    var name = folder.isEmpty() ? "k8s" : "k8s/" + folder;
    return components.isEmpty() ? name : name + " with " + String.join(", ", components);
  }
}
