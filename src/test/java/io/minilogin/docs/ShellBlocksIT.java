package io.minilogin.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.dev.WechatSimulator.App;
import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Surroundings;
import io.minilogin.it.gateway.Installed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the calls of each page in a shell, one after the other, and compares the answers with those
 * that the page shows: they have the same members of the same types. Codes work once, so each page
 * has its own.
 */
@Tag("long")
@Tag("jar")
class ShellBlocksIT {
  /** The app of the development artefact. */
  private static final App APP = new App("wx0000000000000000", "0123456789abcdef0123456789abcdef");

  private static final String SERVICE = "localhost:8080";

  /** A block of calls, with its answer if the page shows one. */
  private static final Pattern CALLS =
      Pattern.compile(
          "^```(?:sh|shell)\\n"
              + "((?:(?!```).*\\n"
              + ")*)```\\n"
              + "(?:\\n"
              + "```(?:json|http)?\\n"
              + "((?:(?!```).*\\n"
              + ")*)```\\n"
              + ")?",
          Pattern.MULTILINE);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Surroundings surroundings;
  private static ServiceProcess service;

  /**
   * @param answer empty if the page shows none
   */
  private record Calls(String script, Optional<String> answer) {
    static List<Calls> of(Page page) {
      return CALLS
          .matcher(page.text())
          .results()
          .filter(block -> block.group(1).contains("curl -s"))
          .filter(block -> block.group(1).contains(SERVICE))
          .filter(block -> !block.group(1).contains("docker"))
          .map(Calls::of)
          .toList();
    }

    private static Calls of(MatchResult block) {
      return new Calls(block.group(1), Optional.ofNullable(block.group(2)));
    }
  }

  @BeforeAll
  static void start() {
    surroundings = Surroundings.of(List.of(APP));
    service =
        surroundings
            .serviceOf(List.of(APP))
            .with("CLIENTS_0__ID", "gateway")
            .with("CLIENTS_0__SECRET", "a-secret-for-development-only")
            .with("CLIENTS_0__MAY", "introspect,revoke,users,sign,/*")
            .with("WECHAT_APPS_0__PAYMENT_KEY", APP.keys().payment())
            .with("WECHAT_APPS_0__PUSH_TOKEN", APP.keys().pushToken())
            .with("WECHAT_APPS_0__PUSH_AES_KEY", APP.keys().pushAesKey())
            .with("PUSH_ROUTES_0__EVENTS", "*")
            .with("PUSH_ROUTES_0__URL", surroundings.wechat().uri() + "/simulator/backend/events")
            .start();
    surroundings.wechat().sendEventsTo(service.traffic());
  }

  @AfterAll
  static void stop() {
    service.close();
    surroundings.close();
  }

  /** Returns the pages with answers. Translations have the same blocks as their originals. */
  static List<Page> pages() throws IOException {
    return Page.all().stream()
        .filter(page -> !page.isChinese())
        .filter(page -> Calls.of(page).stream().anyMatch(calls -> calls.answer().isPresent()))
        .toList();
  }

  @Test
  void pagesWithCallsAreFound() throws IOException {
    assertThat(pages()).hasSizeGreaterThan(4).extracting(Page::toString).contains("README.md");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void callsReturnTheAnswersShown(Page page, @TempDir Path directory) throws Exception {
    Installed.program("sh");
    Installed.program("curl");
    var calls = Calls.of(page);
    var script = new StringBuilder();
    for (int i = 0; i < calls.size(); i++) {
      // Braces, not parentheses: later blocks use the variables of a block.
      script
          .append("{\n")
          .append(calls.get(i).script())
          .append("} >answer.")
          .append(i)
          .append('\n');
    }
    run(here(script.toString()), directory);
    for (int i = 0; i < calls.size(); i++) {
      var answer = Files.readString(directory.resolve("answer." + i));
      var block = calls.get(i).script();
      calls.get(i).answer().ifPresent(shown -> assertShown(page + ": " + block, answer, shown));
    }
  }

  private static String here(String script) {
    return script
        .replace(SERVICE + "/simulator", surroundings.wechat().uri().getAuthority() + "/simulator")
        .replace(SERVICE, service.traffic().getAuthority());
  }

  private static void run(String script, Path directory) throws Exception {
    var errors = directory.resolve("errors").toFile();
    var shell =
        new ProcessBuilder("sh", "-e").directory(directory.toFile()).redirectError(errors).start();
    try (var input = shell.getOutputStream()) {
      input.write(script.getBytes(UTF_8));
    }
    assertThat(shell.waitFor()).as(() -> text(errors)).isZero();
  }

  private static String text(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void assertShown(String what, String answer, String shown) {
    if (shown.startsWith("HTTP/")) {
      assertThat(head(answer)).as(what).containsAll(head(shown));
    } else {
      assertThat(shape(answer)).as(what).isEqualTo(shape(shown));
    }
  }

  /** Returns the status line and the names of the headers. */
  private static List<String> head(String answer) {
    return answer
        .lines()
        .map(line -> line.startsWith("HTTP/") ? line.strip() : line.replaceFirst(":.*", ""))
        .map(line -> line.toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Returns the members and their types, sorted by name. */
  private static Object shape(String answer) {
    try {
      return shape(JSON.readTree(answer));
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + answer, e);
    }
  }

  private static Object shape(JsonNode node) {
    if (node.isObject()) {
      var members = new TreeMap<String, Object>();
      node.properties().forEach(member -> members.put(member.getKey(), shape(member.getValue())));
      return members;
    }
    if (node.isArray()) {
      var elements = new ArrayList<>();
      node.forEach(element -> elements.add(shape(element)));
      return elements.stream().distinct().toList();
    }
    return node.getNodeType();
  }
}
