package io.minilogin.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The bill of materials that the build writes beside the artefact.
 *
 * @see <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</a>
 */
final class BillOfMaterials {
  private final JsonNode content;

  private BillOfMaterials(JsonNode content) {
    this.content = content;
  }

  static BillOfMaterials ofArtefact() throws IOException {
    var name = Artefact.isNative() ? "*-runner-cyclonedx.json" : "quarkus-run-cyclonedx.json";
    try (var files = Files.newDirectoryStream(Artefact.directory(), name)) {
      for (Path file : files) {
        return new BillOfMaterials(new ObjectMapper().readTree(file.toFile()));
      }
    }
    throw new IllegalStateException("there is no " + name + " in " + Artefact.directory());
  }

  /** Returns the alternative licences of each library in the artefact, by group and name. */
  Map<String, List<String>> licences() {
    var licences = new TreeMap<String, List<String>>();
    for (var component : content.path("components")) {
      if (component.path("purl").asText().startsWith("pkg:maven/") && isShipped(component)) {
        licences.put(
            component.path("group").asText() + ":" + component.path("name").asText(),
            alternatives(component));
      }
    }
    return licences;
  }

  /** Returns whether the component is in the artefact. Others only take part in the build. */
  private static boolean isShipped(JsonNode component) {
    for (var property : component.path("properties")) {
      if (property.path("name").asText().equals("quarkus:component:scope")) {
        return property.path("value").asText().equals("runtime");
      }
    }
    return false;
  }

  private static List<String> alternatives(JsonNode component) {
    var names = new TreeSet<String>();
    for (var choice : component.path("licenses")) {
      var licence = choice.path("license");
      names.add(
          licence
              .path("id")
              .asText(licence.path("name").asText(choice.path("expression").asText())));
    }
    return new ArrayList<>(names);
  }
}
