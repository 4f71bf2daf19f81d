package io.minilogin.bench;

import java.util.List;

/**
 * What the environment may choose.
 *
 * @param warmUp seconds of load before each measurement: {@code WARMUP}
 * @param duration seconds that are measured: {@code DURATION}
 * @param java options of the JVM, of the service and of the limit lines alike: {@code JAVA_OPTS}
 * @param executable the native executable's: {@code NATIVE_OPTS}
 */
record Settings(int warmUp, int duration, List<String> java, List<String> executable) {
  static final Settings OF_ENVIRONMENT =
      new Settings(
          Integer.parseInt(variable("WARMUP", "10")),
          Integer.parseInt(variable("DURATION", "10")),
          options("JAVA_OPTS"),
          options("NATIVE_OPTS"));

  // A heap as in a small container; all else is what Java chooses for one core.
  private static List<String> options(String variable) {
    return List.of(variable(variable, "-Xmx256m").trim().split("\\s+"));
  }

  private static String variable(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
