package io.minilogin.bench;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Prints each line as soon as it has been measured, in Markdown. */
final class Table {
  /** The lines that all others are compared with; they come first. */
  static final String GETEX = "Vert.x, GETEX";

  static final String PIPELINED = "Vert.x, GETEX, pipelined";

  private static final String ROW =
      "| %-24s | %10s | %6s | %6s | %6s | %4s | %5s | %3s | %8s | %12s |";

  private final Map<String, Double> perSecond = new HashMap<>();

  private Table() {}

  static Table begin() {
    print(
        "",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        "JIT",
        "core",
        "MB",
        "of GETEX",
        "of pipelined");
    print("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
    return new Table();
  }

  /** Adds a line: what wrk reports, and what its server had used before and after. */
  void add(String line, Wrk wrk, Usage before, Usage after) {
    perSecond.put(line, wrk.perSecond());
    var cpuMicros = (double) after.cpuMicros() - before.cpuMicros();
    var jitMicros = Math.max(0, cpuMicros - (after.workMicros() - before.workMicros()));
    var cpuPerRequest = cpuMicros / wrk.requests();
    print(
        line,
        number("%,.0f", wrk.perSecond()),
        number("%.2f", wrk.medianMillis()),
        number("%.2f", wrk.p99Millis()),
        number("%.1f", cpuPerRequest),
        percent(jitMicros / cpuMicros),
        percent(cpuPerRequest * wrk.perSecond() / 1_000_000),
        number("%.0f", after.residentKilobytes() / 1024.0),
        share(wrk, GETEX),
        share(wrk, PIPELINED));
  }

  private String share(Wrk wrk, String of) {
    var whole = perSecond.get(of);
    return whole == null ? "" : percent(wrk.perSecond() / whole);
  }

  private static String percent(double share) {
    return number("%.0f %%", share * 100);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static void print(Object... cells) {
    System.out.println(ROW.formatted(cells));
  }
}
