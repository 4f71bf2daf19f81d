package io.minilogin.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The report of one run of wrk.
 *
 * @param requests the number of answered requests
 * @param failures the number of answers whose status is neither 2xx nor 3xx
 * @param socketErrors the line of wrk on failed connections and on answers that took over 2 s;
 *     empty without such errors
 */
record Wrk(
    long requests,
    double perSecond,
    double medianMillis,
    double p99Millis,
    long failures,
    String socketErrors) {
  static final int CONNECTIONS = 50;

  private static final Map<String, Double> MILLIS =
      Map.of("us", 0.001, "ms", 1.0, "s", 1000.0, "m", 60_000.0);

  /**
   * Sends requests as fast as they are answered, one after the other on each connection.
   *
   * @param name distinguishes the codes of this run from those of other runs
   * @param request options and, in the end, the URL
   */
  static Wrk run(int seconds, String name, String... request) {
    return run(seconds, List.of(name), request);
  }

  /**
   * Sends requests as fast as they are answered, with arguments for the script.
   *
   * @param arguments the arguments of the script
   * @param request options and, in the end, the URL
   */
  static Wrk run(int seconds, List<String> arguments, String... request) {
    return run(CONNECTIONS, seconds, arguments, request);
  }

  /** Sends requests on the given number of connections. */
  static Wrk run(int connections, int seconds, List<String> arguments, String... request) {
    var command = new ArrayList<>(List.of("wrk", "--threads", "1", "--latency"));
    command.addAll(List.of("--connections", Integer.toString(connections)));
    command.addAll(List.of("--duration", seconds + "s"));
    command.addAll(List.of(request));
    command.add("--");
    command.addAll(arguments);
    try (var wrk = PinnedProcess.start(Servers.AROUND, Map.of(), "Transfer/sec", command)) {
      return parse(wrk.output());
    }
  }

  /** Returns the report with every refused request counted as a success. */
  Wrk allRefused() {
    return new Wrk(requests, perSecond, medianMillis, p99Millis, requests - failures, socketErrors);
  }

  private static Wrk parse(String report) {
    return new Wrk(
        Long.parseLong(found(report, "(\\d+) requests in", "")),
        Double.parseDouble(found(report, "Requests/sec: +([\\d.]+)", "")),
        millis(found(report, " 50% +(\\S+)", "")),
        millis(found(report, " 99% +(\\S+)", "")),
        Long.parseLong(found(report, "Non-2xx or 3xx responses: (\\d+)", "0")),
        found(report, "(Socket errors: .*)", ""));
  }

  private static double millis(String time) {
    var unit = time.replaceAll("[\\d.]", "");
    return Double.parseDouble(time.substring(0, time.length() - unit.length())) * MILLIS.get(unit);
  }

  private static String found(String report, String pattern, String otherwise) {
    var matcher = Pattern.compile(pattern).matcher(report);
    return matcher.find() ? matcher.group(1) : otherwise;
  }
}
