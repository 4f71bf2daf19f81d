package io.minilogin.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Renders the chart with Helm, which is a library here. The chart is rendered from its package, so
 * that the tests also check that the package has the content of linked files.
 */
final class Chart {
  private static final Path FOLDER = Path.of("charts", "mini-login");
  static final String RELEASE = "mini-login";

  /** The oldest version that the chart supports. */
  private static final String KUBERNETES = "1.27.0";

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path PACKAGES = Path.of("target", "charts");

  /** The values that correspond to a component with its examples. */
  private static final Map<String, String> COMPONENTS =
      Map.of(
          "external-secret",
          "externalSecret: {enabled: true, secretStoreRef: {name: vault}}",
          "gateway-api",
          "gatewayApi: {enabled: true, parentRefs: [{name: public}], hostnames: [api.example.com]}",
          "ingress-nginx",
          "ingress: {enabled: true, host: api.example.com, tlsSecret: api-example-com-tls,"
              + " corsOrigins: ['https://h5.example.com']}",
          "jvm",
          "jvm: true",
          "monitoring",
          "monitoring: {enabled: true}",
          "network-policy",
          "networkPolicy: {enabled: true}",
          "redis",
          "redis: {enabled: true}");

  static final Path PACKAGE = createPackage();

  private Chart() {}

  /**
   * Renders the values of an overlay and of components. The chart names its Redis after the
   * release, so that a namespace can have two; here it gets the name that kustomize gives it.
   */
  static Manifests render(Rendering rendering) {
    var components =
        rendering.components().stream()
            .map(component -> COMPONENTS.getOrDefault(component, component + ": unknown"))
            .collect(Collectors.joining("\n"));
    var overlay = Path.of(rendering.folder()).getFileName().toString();
    var file = FOLDER.resolve("values-" + overlay + ".yaml");
    var files = Files.exists(file) ? List.of(file) : List.<Path>of();
    return manifests(
        template(PACKAGE, RELEASE, files, components).replace(RELEASE + "-redis", "redis"));
  }

  /** Renders a release with values in YAML. */
  static Manifests render(String release, String values) {
    return manifests(template(PACKAGE, release, List.of(), values));
  }

  /**
   * Renders the pod that {@code helm test} starts, with values in YAML. The library does not return
   * hooks, so a copy of the template is rendered in which the pod is no hook.
   */
  static JsonNode testPod(String values) throws IOException {
    var copy = PACKAGES.resolve("test-pod");
    Files.createDirectories(copy.resolve("templates"));
    for (var file : List.of("Chart.yaml", "values.yaml", "templates/_helpers.tpl")) {
      Files.writeString(copy.resolve(file), text(file));
    }
    Files.writeString(
        copy.resolve("templates/test.yaml"),
        text("templates/test.yaml").replace("helm.sh/hook:", "example.com/hook:"));
    return manifests(template(copy, RELEASE, List.of(), values)).only("Pod", RELEASE + "-test");
  }

  /** Returns the text that a user sees after the installation with values in YAML. */
  static String notes(String values) {
    return withFile(
        values,
        file -> {
          var output =
              new Helm(PACKAGE)
                  .install()
                  .clientOnly()
                  .dryRun()
                  .withKubeVersion(KUBERNETES)
                  .withName(RELEASE)
                  .withNamespace(RELEASE)
                  .withValuesFile(file)
                  .call()
                  .getOutput();
          return output.substring(output.indexOf("\nNOTES:\n"));
        });
  }

  static String text(String file) throws IOException {
    return Files.readString(FOLDER.resolve(file));
  }

  static JsonNode read(String file) throws IOException {
    return YAML.readTree(FOLDER.resolve(file).toFile());
  }

  private static String template(Path chart, String release, List<Path> files, String values) {
    return withFile(
        values,
        last -> {
          var command =
              new Helm(chart)
                  .template()
                  .withKubeVersion(KUBERNETES)
                  .withName(release)
                  .withNamespace(RELEASE);
          files.forEach(command::withValuesFile);
          return command.withValuesFile(last).call();
        });
  }

  private static String withFile(String values, Function<Path, String> command) {
    try {
      var file = Files.writeString(Files.createTempFile(PACKAGES, "values", ".yaml"), values);
      try {
        return command.apply(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Manifests manifests(String yaml) {
    try {
      return new Manifests(
          Rendering.parse(yaml).stream().filter(document -> !document.isEmpty()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path createPackage() {
    try {
      Files.createDirectories(PACKAGES);
      new Helm(FOLDER).packageIt().withDestination(PACKAGES).call();
      return PACKAGES.resolve(
          "mini-login-%s.tgz".formatted(read("Chart.yaml").path("version").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
