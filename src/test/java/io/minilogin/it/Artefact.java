package io.minilogin.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The packaged service. The system property {@code artefact.kind} is {@code jar} or {@code native};
 * {@code artefact.directory} is its directory.
 */
public final class Artefact {
  private Artefact() {}

  /** Returns the directory with all build results. */
  public static Path directory() {
    return Path.of(System.getProperty("artefact.directory", "target")).toAbsolutePath();
  }

  static boolean isNative() {
    return System.getProperty("artefact.kind", "jar").equals("native");
  }

  /** Returns the command that starts the artefact. A jar is started with a class archive. */
  static List<String> command() {
    return isNative()
        ? List.of(executable().toString())
        : jarCommand(directory(), "-XX:SharedArchiveFile=" + ClassArchive.file());
  }

  /**
   * Returns the command that starts a jar.
   *
   * @param directory the directory to which a build wrote the jar
   */
  static List<String> jarCommand(Path directory, String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A service in a test ends before the second compiler pays off.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", directory.resolve("quarkus-app/quarkus-run.jar").toString()));
    return command;
  }

  /**
   * Returns the command that starts the artefact in its image.
   *
   * @param folder the location of {@link #directory()} in the image
   * @param options options of Java or of the executable in addition to those of the image
   */
  static List<String> commandOfImage(Path folder, String... options) {
    var command = new ArrayList<String>();
    if (isNative()) {
      command.add(folder.resolve(executable().getFileName()).toString());
      command.addAll(List.of(options));
      return command;
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions());
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", folder.resolve("quarkus-app/quarkus-run.jar").toString()));
    return command;
  }

  static List<String> javaOptions() {
    try (var lines = Files.lines(Path.of("src/main/docker/java.options"))) {
      return lines.filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path executable() {
    try (var files = Files.list(directory())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner"))
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("there is no native executable in " + directory()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
