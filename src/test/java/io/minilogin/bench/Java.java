package io.minilogin.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds commands that start the current Java. */
final class Java {
  private Java() {}

  static List<String> command(List<String> options, String... main) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of(main));
    return command;
  }

  /** Returns a command that runs a class of the current class path as a process. */
  static List<String> command(List<String> options, Class<?> main, String... arguments) {
    var command = command(options, "-cp", System.getProperty("java.class.path"), main.getName());
    command.addAll(List.of(arguments));
    return command;
  }
}
