package io.minilogin.it.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No container engine is available to run {@code compose.yaml}. The test compares the file with the
 * files and services that it names.
 */
class ComposeTest {
  private static final String PAGE = "docs/gateways/nginx.md";
  private static final Pattern UPSTREAM = Pattern.compile("server ([a-z-]+):(\\d+);");

  private final JsonNode services = read().get("services");

  @Test
  void nginxUsesTheRecipeOfItsPage(@TempDir Path directory) throws Exception {
    var made = directory.resolve("mini-login.conf");
    var command = services.at("/gateway/command");
    var shell = Installed.program(command.get(0).asText());
    var script =
        command
            .get(2)
            .asText()
            .replace("$$", "$")
            .replace(" /nginx.md", " " + Path.of(PAGE).toAbsolutePath())
            .replace("/etc/nginx/conf.d/mini-login.conf", made.toString())
            .replace("/etc/nginx/conf.d/default.conf", directory.resolve("default").toString())
            .replaceFirst("exec nginx .*", "exit 7");
    var run =
        new ProcessBuilder(shell.toString(), command.get(1).asText(), script).inheritIO().start();
    assertThat(run.waitFor()).isEqualTo(7);
    assertThat(Files.readString(made)).isEqualTo(Recipe.of(PAGE, "nginx").text());
    assertThat(services.at("/gateway/volumes/0").asText()).startsWith("./" + PAGE + ":/nginx.md");
  }

  @Test
  void upstreamsOfTheRecipeAreServices() {
    var upstreams = UPSTREAM.matcher(Recipe.of(PAGE, "nginx").text()).results().toList();
    assertThat(upstreams).hasSize(2);
    assertThat(upstreams)
        .allSatisfy(upstream -> assertThat(services.has(upstream.group(1))).isTrue());
    assertThat(services.at("/backend/command").asText())
        .isEqualTo("--port=" + upstreams.get(1).group(2));
  }

  @Test
  void eachImageIsBuiltOrHasAVersion() {
    assertThat(StreamSupport.stream(services.spliterator(), false).toList())
        .hasSize(4)
        .allSatisfy(
            service -> assertThat(service.get("image").asText()).matches(".+:v?\\d+[.]\\d+.*"));
    var build = services.at("/mini-login/build");
    assertThat(List.of(build.get("context").asText(), build.get("dockerfile").asText()))
        .allSatisfy(path -> assertThat(Path.of(path)).exists());
  }

  private static JsonNode read() {
    try {
      return new YAMLMapper().readTree(Path.of("compose.yaml").toFile());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
