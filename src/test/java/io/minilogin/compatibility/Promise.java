package io.minilogin.compatibility;

import io.minilogin.problem.ProblemType;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kind of name that stays within 1.x. Each line of its file is one promise. */
enum Promise {
  CALLS(Calls::lines),
  PROBLEMS(Promise::problems),
  SETTINGS(Promise::settings),
  METRICS(Promise::metrics),
  CLIENT(Promise::client);

  /** A metric in docs/metrics.md, which MetricsIT compares with the metrics of the service. */
  private static final Pattern METRIC =
      Pattern.compile("(?m)^\\| `(mini_login_\\w+)` \\| (\\w+) \\|([^|]*)\\|");

  /** A setting of Quarkus in docs/configuration.md. */
  private static final Pattern QUARKUS_SETTING =
      Pattern.compile("(?m)^\\| .*?`(quarkus\\.[\\w.-]+)`.* \\| `(QUARKUS_\\w+)`");

  /** The first line of a type in index.d.ts. */
  private static final Pattern TYPE =
      Pattern.compile("export (?:interface|class) (\\w+).*\\{|export \\{");

  private static final Path SOURCES = Path.of("src/main/java");

  private final Supplier<Set<String>> current;

  Promise(Supplier<Set<String>> current) {
    this.current = current;
  }

  /** Returns the promises that this version keeps. */
  Set<String> current() {
    return current.get();
  }

  /** Returns the promises that earlier versions made. */
  Set<String> recorded() throws IOException {
    return Files.exists(file()) ? new TreeSet<>(Files.readAllLines(file())) : new TreeSet<>();
  }

  void record(Set<String> promises) throws IOException {
    Files.write(file(), new TreeSet<>(promises));
  }

  private Path file() {
    return Path.of("src/test/resources/compatibility", name().toLowerCase(Locale.ROOT) + ".txt");
  }

  private static Set<String> problems() {
    return sorted(
        Arrays.stream(ProblemType.values())
            .map(
                type ->
                    "%s, status %d, action %s"
                        .formatted(type.urn(), type.status(), type.action().text())));
  }

  private static Set<String> settings() {
    var ours =
        mappings()
            .flatMap(mapping -> mapping.getProperties().entrySet().stream())
            .map(it -> it.getKey() + (it.getValue() == null ? "" : ", default " + it.getValue()));
    var quarkus =
        QUARKUS_SETTING
            .matcher(text(Path.of("docs/configuration.md")))
            .results()
            .map(setting -> setting.group(1));
    return sorted(Stream.concat(ours, quarkus));
  }

  /** Returns the config mappings of all features. */
  private static Stream<ConfigClass> mappings() {
    try (var files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> text(file).contains("@ConfigMapping("))
          .map(file -> SOURCES.relativize(file).toString())
          .map(file -> file.replace(".java", "").replace(File.separatorChar, '.'))
          .map(Promise::mapping)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConfigClass mapping(String type) {
    try {
      return ConfigClass.configClass(Class.forName(type));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> metrics() {
    return sorted(
        METRIC
            .matcher(text(Path.of("docs/metrics.md")))
            .results()
            .map(
                row ->
                    "%s, %s, labels %s"
                        .formatted(
                            row.group(1), row.group(2), row.group(3).replace("`", "").strip()))
            .map(line -> line.replaceFirst(", labels $", "")));
  }

  /** Returns the members of the types of the client, with the name of their type. */
  private static Set<String> client() {
    var members = new TreeSet<String>();
    var type = "";
    var code = text(Path.of("client/index.d.ts")).replaceAll("(?s)/\\*\\*.*?\\*/", "");
    for (var line : code.lines().toList()) {
      var first = TYPE.matcher(line);
      if (first.matches()) {
        type = first.group(1) + ".";
      } else if (line.startsWith("export ")) {
        members.add(line.strip());
      } else if (line.equals("}")) {
        type = "";
      } else if (!line.isBlank()) {
        members.add(type + line.strip());
      }
    }
    return members;
  }

  private static Set<String> sorted(Stream<String> lines) {
    return lines.collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
