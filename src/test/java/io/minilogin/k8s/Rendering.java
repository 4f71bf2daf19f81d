package io.minilogin.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The objects of a folder with components, rendered by kustomize, or by Helm with the corresponding
 * values.
 *
 * @param folder the folder below {@code k8s}; empty for {@code k8s} itself
 */
record Rendering(Tool tool, String folder, List<String> components) {
  enum Tool {
    KUSTOMIZE,
    HELM
  }

  /** Helm is a library of the tests; kubectl may be missing. */
  private static final Tool DEFAULT = Kustomize.isInstalled() ? Tool.KUSTOMIZE : Tool.HELM;

  static final Rendering K8S = new Rendering(DEFAULT, "", List.of());
  static final Rendering BASE = new Rendering(DEFAULT, "base", List.of());
  static final Rendering DEV = new Rendering(DEFAULT, "overlays/dev", List.of());
  static final Rendering PROD = new Rendering(DEFAULT, "overlays/prod", List.of());

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Map<Rendering, Manifests> RENDERED = new ConcurrentHashMap<>();

  static Rendering prodWith(String... components) {
    return new Rendering(DEFAULT, PROD.folder, List.of(components));
  }

  /** Returns all documented folders, and production with its optional components. */
  static Stream<Rendering> all() {
    var folders =
        Stream.of(K8S, BASE, DEV, new Rendering(DEFAULT, "", List.of("network-policy"))).toList();
    return Stream.concat(byEachTool(folders), production());
  }

  /** Returns production without optional components, with each of them, and with all of them. */
  static Stream<Rendering> production() {
    var missing = componentsBesideProd();
    return byEachTool(
        Stream.of(
                Stream.of(PROD),
                missing.stream().map(Rendering::prodWith),
                Stream.of(new Rendering(DEFAULT, PROD.folder, missing)))
            .flatMap(renderings -> renderings)
            .toList());
  }

  private static Stream<Rendering> byEachTool(List<Rendering> renderings) {
    return Stream.of(Tool.values())
        .filter(tool -> tool == Tool.HELM || Kustomize.isInstalled())
        .flatMap(tool -> renderings.stream().map(rendering -> rendering.by(tool)));
  }

  static List<String> componentsBesideProd() {
    try (var folders = Files.list(Path.of("k8s", "components"))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.equals("network-policy"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Rendering by(Tool other) {
    return new Rendering(other, folder, components);
  }

  /** Renders once. Skips the test if it needs kubectl and kubectl is missing. */
  Manifests manifests() {
    return RENDERED.computeIfAbsent(
        this,
        rendering ->
            switch (tool) {
              case KUSTOMIZE -> Kustomize.render(rendering);
              case HELM -> Chart.render(rendering);
            });
  }

  static List<JsonNode> parse(String yaml) throws IOException {
    return YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll();
  }

  @Override
  public String toString() {
    var name = (tool == Tool.HELM ? "chart for k8s/" : "k8s/") + folder;
    return components.isEmpty() ? name : name + " with " + String.join(", ", components);
  }
}
