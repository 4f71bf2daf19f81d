package io.minilogin.it.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A page below {@code docs/gateways} with its fenced blocks. */
record GatewayPage(String name) {
  private static final Path PAGES = Path.of("docs", "gateways");
  private static final String SUFFIX = ".md";

  /**
   * Returns the pages of gateways that no test runs. They show the check request of the gateway.
   */
  static List<GatewayPage> withAQuestion() {
    return all().filter(page -> !page.blocks("http").isEmpty()).toList();
  }

  static Stream<GatewayPage> all() {
    try (var files = Files.list(PAGES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .sorted()
          .map(file -> new GatewayPage(file.replace(SUFFIX, "")))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the blocks with this language. */
  List<String> blocks(String language) {
    return Recipe.blocks(PAGES.resolve(name + SUFFIX).toString(), language);
  }

  /** Returns the check request of the gateway. */
  Question question() {
    return Question.of(blocks("http").get(0));
  }

  @Override
  public String toString() {
    return name;
  }
}
