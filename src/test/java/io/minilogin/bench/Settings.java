package io.minilogin.bench;

import java.util.List;

/**
 * Settings from environment variables.
 *
 * @param warmUp seconds of load before each measurement: {@code WARMUP}
 * @param duration seconds that are measured: {@code DURATION}
 * @param java options of the JVM, for the service and for the baselines: {@code JAVA_OPTS}
 * @param executable options of the native executable: {@code NATIVE_OPTS}
 */
record Settings(int warmUp, int duration, List<String> java, List<String> executable) {
  static final Settings OF_ENVIRONMENT =
      new Settings(
          Integer.parseInt(variable("WARMUP", "10")),
          Integer.parseInt(variable("DURATION", "10")),
          options("JAVA_OPTS"),
          options("NATIVE_OPTS"));

  // The heap of a small container; Java chooses everything else for one core.
  private static List<String> options(String variable) {
    return List.of(variable(variable, "-Xmx256m").trim().split("\\s+"));
  }

  private static String variable(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
