package io.minilogin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was packaged, and the command that starts it. */
record Artefact(String name, List<String> command) {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("artefact.directory", "target")).toAbsolutePath();

  /** The jar, and the native executable where it has been built. */
  static List<Artefact> all() {
    var all = new ArrayList<Artefact>();
    var jar = DIRECTORY.resolve("quarkus-app/quarkus-run.jar").toString();
    all.add(new Artefact("jar", Java.command(Settings.OF_ENVIRONMENT.java(), "-jar", jar)));
    executable().ifPresent(path -> all.add(new Artefact("native", started(path))));
    return all;
  }

  private static List<String> started(Path executable) {
    var command = new ArrayList<String>();
    command.add(executable.toString());
    command.addAll(Settings.OF_ENVIRONMENT.executable());
    return command;
  }

  private static Optional<Path> executable() {
    try (var files = Files.list(DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith("-runner")).sorted().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
