package io.minilogin.it.gateway;

import static java.util.stream.Collectors.joining;

import io.minilogin.it.ScriptedHour.Fault;
import io.minilogin.it.gateway.PrometheusServer.Series;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page with a plot for each panel of the dashboard. The minutes of failures are shaded. */
final class Plots {
  private static final int HEIGHT = 100;
  private static final int MINUTE = 6;
  private static final List<String> COLORS =
      List.of("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2");

  private Plots() {}

  static String page(Map<String, List<Series>> byPanel) {
    return """
        <!doctype html><meta charset="utf-8"><title>mini-login</title>
        <style>body{font:13px sans-serif;display:grid;grid-template-columns:repeat(auto-fill,380px)}
        figure{margin:8px}svg{background:#f6f6f6}</style>
        """
        + byPanel.entrySet().stream()
            .map(panel -> plot(panel.getKey(), panel.getValue()))
            .collect(joining());
  }

  private static String plot(String title, List<Series> lines) {
    var top =
        lines.stream()
            .map(line -> line.values().values())
            .flatMap(Collection::stream)
            .mapToDouble(value -> value)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    var drawn = new StringBuilder();
    var legend = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      var color = COLORS.get(i % COLORS.size());
      drawn.append(line(lines.get(i), top, color));
      legend.append(
          " <span style=\"color:%s\">%s</span>"
              .formatted(color, lines.get(i).labels().get("legend")));
    }
    var faults =
        Arrays.stream(Fault.values())
            .map(
                fault ->
                    "<rect x=\"%d\" width=\"%d\" height=\"%d\" fill=\"#fdd\"><title>%s</title></rect>"
                        .formatted(
                            fault.from() * MINUTE,
                            (fault.until() - fault.from()) * MINUTE,
                            HEIGHT,
                            fault))
            .collect(joining());
    return "<figure><b>%s</b>, up to %.4g<br><svg width=\"%d\" height=\"%d\">%s%s</svg><br>%s</figure>\n"
        .formatted(title, top, 60 * MINUTE, HEIGHT, faults, drawn, legend);
  }

  private static String line(Series line, double top, String color) {
    var points =
        line.values().entrySet().stream()
            .filter(value -> Double.isFinite(value.getValue()))
            .map(
                value ->
                    String.format(
                        Locale.ROOT,
                        "%d,%.1f",
                        value.getKey() * MINUTE,
                        (HEIGHT - 2) * (1 - (top > 0 ? value.getValue() / top : 0)) + 1))
            .collect(joining(" "));
    return "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>"
        .formatted(points, color);
  }
}
