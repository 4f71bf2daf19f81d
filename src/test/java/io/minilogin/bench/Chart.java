package io.minilogin.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A line chart over equidistant steps, as SVG. The vertical axis begins at zero.
 *
 * @param title the title, with the unit of the vertical axis
 * @param across the name of the horizontal axis
 * @param labels the label of each step, that is, of each point of a line
 */
record Chart(String title, String across, List<String> labels, List<Line> lines) {
  private static final int LEFT = 48;
  private static final int TOP = 34;
  private static final int WIDTH = 300;
  private static final int HEIGHT = 150;
  private static final List<String> COLORS = List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd");

  /** One line: its name in the legend and its values from left to right. */
  record Line(String name, double... values) {}

  String svg() {
    var top = scale();
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 230" font-family="sans-serif" font-size="11">
        <rect width="480" height="230" fill="#fff"/>
        <text x="8" y="18" font-size="13" font-weight="bold">%s</text>
        """
            .formatted(title));
    for (int part = 0; part <= 4; part++) {
      var y = y(top * part / 4, top);
      append(svg, "<path d=\"M%d %.1fh%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH);
      append(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 6, y + 4);
      svg.append(number(top * part / 4)).append("</text>\n");
    }
    for (int i = 0; i < labels.size(); i++) {
      var at = "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n";
      append(svg, at, x(i), TOP + HEIGHT + 16, labels.get(i));
    }
    var middle = LEFT + WIDTH / 2;
    append(svg, "<text x=\"%d\" y=\"222\" text-anchor=\"middle\">%s</text>\n", middle, across);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, i, top);
    }
    return svg.append("</svg>\n").toString();
  }

  private void draw(StringBuilder svg, int number, double top) {
    var line = lines.get(number);
    var color = COLORS.get(number);
    svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + color + "\" points=\"");
    for (int i = 0; i < line.values().length; i++) {
      append(svg, "%.1f,%.1f ", x(i), y(line.values()[i], top));
    }
    svg.append("\"/>\n");
    for (int i = 0; i < line.values().length; i++) {
      var value = line.values()[i];
      append(
          svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\">", x(i), y(value, top), color);
      svg.append("<title>").append(number(value)).append("</title></circle>\n");
    }
    var x = LEFT + WIDTH + 12;
    var text = "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n";
    append(svg, text, x, TOP + 12 + 16 * number, color, line.name());
  }

  /** Returns a round upper bound of all values. */
  private double scale() {
    var most = lines.stream().flatMapToDouble(line -> Arrays.stream(line.values())).max().orElse(1);
    var power = Math.pow(10, Math.floor(Math.log10(most)));
    for (var factor : List.of(1, 2, 4, 5, 8)) {
      if (most <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private double x(int point) {
    return LEFT + WIDTH * (point + 0.5) / labels.size();
  }

  private static double y(double value, double top) {
    return TOP + HEIGHT * (1 - value / top);
  }

  private static String number(double value) {
    return value == Math.rint(value) || value >= 100
        ? "%,.0f".formatted(value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static void append(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
