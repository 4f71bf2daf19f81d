package io.minilogin.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was packaged: the system property {@code artefact.kind} says {@code jar} or {@code native},
 * {@code artefact.directory} where it lies.
 */
public final class Artefact {
  private Artefact() {}

  /** Of all that the build has made. */
  public static Path directory() {
    return Path.of(System.getProperty("artefact.directory", "target")).toAbsolutePath();
  }

  static boolean isNative() {
    return System.getProperty("artefact.kind", "jar").equals("native");
  }

  /** Returns the command that starts the artefact; the jar with an archive of its classes. */
  static List<String> command() {
    return isNative()
        ? List.of(executable().toString())
        : jarCommand(directory(), "-XX:SharedArchiveFile=" + ClassArchive.file());
  }

  /**
   * Returns the command that starts a jar.
   *
   * @param directory where a build has put the jar
   */
  static List<String> jarCommand(Path directory, String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A service in a test does not live long enough to profit from the second compiler.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", directory.resolve("quarkus-app/quarkus-run.jar").toString()));
    return command;
  }

  /**
   * The command that starts it in its image.
   *
   * @param folder where {@link #directory()} is to be found there
   * @param options of Java or of the executable, beside the image's
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
          .orElseThrow(() -> new IllegalStateException("no native executable in " + directory()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
