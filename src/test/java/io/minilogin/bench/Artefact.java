package io.minilogin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A packaged program and the command that starts it.
 *
 * @param files the files and whole folders that the command needs, except Java itself
 */
record Artefact(String name, List<String> command, List<Path> files) {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("artefact.directory", "target")).toAbsolutePath();
  private static final Path JAR = DIRECTORY.resolve("quarkus-app");

  /** Returns the jar and, if it was built, the native executable. */
  static List<Artefact> all() {
    var all = new ArrayList<Artefact>();
    all.add(new Artefact("jar", Java.command(Settings.OF_ENVIRONMENT.java(), run()), List.of(JAR)));
    executable().ifPresent(path -> all.add(executable("native", path)));
    return all;
  }

  /** Returns {@link #all} and the other artefacts that {@code bench/run} was able to build. */
  static List<Artefact> allAndPeers() {
    var all = new ArrayList<>(all());
    property("bench.aot-cache").ifPresent(cache -> all.add(withCache(cache)));
    property("bench.go")
        .ifPresent(go -> all.add(new Artefact("Go", List.of(go.toString()), List.of(go))));
    property("bench.spring").ifPresent(spring -> all.add(jar("Spring WebFlux", spring)));
    return all;
  }

  /** Returns servers that only query Redis. They answer only checks, and all checks alike. */
  static List<Artefact> yardsticks() {
    var all = new ArrayList<Artefact>();
    for (var kind : LimitServer.Kind.values()) {
      var name = "Vert.x, " + kind.title();
      var options = Settings.OF_ENVIRONMENT.java();
      all.add(new Artefact(name, Java.command(options, LimitServer.class, kind.name()), List.of()));
      property("bench.vertx")
          .ifPresent(path -> all.add(executable(name + ", native", path, kind.name())));
    }
    return all;
  }

  /** Returns the artefact with one more option of Java or of the native executable. */
  Artefact with(String option) {
    var more = new ArrayList<>(command);
    more.add(1, option);
    return new Artefact(name, more, files);
  }

  long bytes() {
    return files.stream().flatMap(Artefact::walk).mapToLong(file -> file.toFile().length()).sum();
  }

  private static Artefact withCache(Path cache) {
    var java = System.getProperty("bench.aot-java");
    var command = new ArrayList<>(List.of(java, "-XX:AOTCache=" + cache));
    command.addAll(Settings.OF_ENVIRONMENT.java());
    // The training run had the same options: a cache fits only the garbage collector of its run.
    command.add("@src/main/docker/java.options");
    command.addAll(List.of(run()));
    return new Artefact("jar, AOT cache", command, List.of(JAR, cache));
  }

  private static String[] run() {
    return new String[] {"-jar", JAR.resolve("quarkus-run.jar").toString()};
  }

  private static Optional<Path> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).map(Path::of).map(Path::toAbsolutePath);
  }

  private static Stream<Path> walk(Path path) {
    try (var files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Artefact jar(String name, Path jar) {
    var options = Settings.OF_ENVIRONMENT.java();
    return new Artefact(name, Java.command(options, "-jar", jar.toString()), List.of(jar));
  }

  private static Artefact executable(String name, Path executable, String... arguments) {
    var command = new ArrayList<String>();
    command.add(executable.toString());
    command.addAll(Settings.OF_ENVIRONMENT.executable());
    command.addAll(List.of(arguments));
    return new Artefact(name, command, List.of(executable));
  }

  private static Optional<Path> executable() {
    try (var files = Files.list(DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith("-runner")).sorted().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
