package io.minilogin.it.gateway;

import static java.net.HttpURLConnection.HTTP_OK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.it.ScriptedHour;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** A Prometheus server with the data of an hour. */
final class PrometheusServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final ScriptedHour.Told hour;
  private final GatewayProcess process;
  private final int port;

  /**
   * A line of a plot.
   *
   * @param values the values by minute
   */
  record Series(Map<String, String> labels, Map<Integer, Double> values) {}

  private PrometheusServer(ScriptedHour.Told hour, GatewayProcess process, int port) {
    this.hour = hour;
    this.process = process;
    this.port = port;
  }

  /** Starts the server with the hour. Skips the test if Prometheus is not installed. */
  static PrometheusServer knowing(ScriptedHour.Told hour, Path directory) throws Exception {
    var scrapes = Files.writeString(directory.resolve("hour.txt"), hour.scrapes(), UTF_8);
    Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n", UTF_8);
    var backfill =
        new ProcessBuilder(
                Installed.program("promtool").toString(),
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                scrapes.toString(),
                directory.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(backfill.getInputStream().readAllBytes(), UTF_8);
    assertThat(backfill.waitFor()).as(said).isZero();
    var server =
        FreePort.forStartOf(
            port ->
                new PrometheusServer(
                    hour,
                    GatewayProcess.start(
                        directory,
                        port,
                        List.of(
                            Installed.program("prometheus").toString(),
                            "--config.file=prometheus.yml",
                            "--storage.tsdb.path=data",
                            "--web.listen-address=127.0.0.1:" + port)),
                    port));
    // It accepts connections before it has read its data, and then answers 503.
    Awaitility.await()
        .atMost(START)
        .until(() -> server.get("/-/ready").statusCode(), equalTo(HTTP_OK));
    return server;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** Evaluates a query for each minute and omits values that are not numbers. */
  List<Series> ask(String query) throws IOException, InterruptedException {
    var parameters =
        "query=%s&start=%d&end=%d&step=60"
            .formatted(
                URLEncoder.encode(query, UTF_8),
                hour.minute(0).getEpochSecond(),
                hour.minute(59).getEpochSecond());
    var answer = get("/api/v1/query_range?" + parameters);
    assertThat(answer.statusCode()).as(query + ": " + answer.body()).isEqualTo(HTTP_OK);
    var all = new ArrayList<Series>();
    for (var result : JSON.readTree(answer.body()).path("data").path("result")) {
      all.add(series(result));
    }
    return all;
  }

  private Series series(JsonNode result) {
    var labels = new TreeMap<String, String>();
    result
        .path("metric")
        .properties()
        .forEach(it -> labels.put(it.getKey(), it.getValue().asText()));
    var values = new TreeMap<Integer, Double>();
    for (var value : result.path("values")) {
      var number = Double.parseDouble(value.path(1).asText().replace("Inf", "Infinity"));
      if (!Double.isNaN(number)) {
        values.put((int) ((value.path(0).asLong() - hour.minute(0).getEpochSecond()) / 60), number);
      }
    }
    return new Series(labels, values);
  }

  @Override
  public void close() {
    process.close();
  }
}
