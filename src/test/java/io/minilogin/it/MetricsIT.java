package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics of the service are exactly those that the metrics page documents. */
@Tag("long")
class MetricsIT {
  private static final Path PAGE = Path.of("docs", "metrics.md");
  private static final String PREVIOUS_SECRET = "bef05e5ec2e7a1b2c3d4e5f607182930";

  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `(mini_login_\\w+)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\|", Pattern.MULTILINE);
  private static final Pattern HELP =
      Pattern.compile("^# HELP (mini_login_\\w+) (.*)$", Pattern.MULTILINE);
  private static final Pattern TYPE =
      Pattern.compile("^# TYPE (mini_login_\\w+) (\\w+)$", Pattern.MULTILINE);
  private static final Pattern SAMPLE =
      Pattern.compile(
          "^(mini_login_\\w+?)(?:_bucket|_count|_sum)?(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
  private static final Pattern SELECTOR =
      Pattern.compile("\\b(mini_login_\\w+?)(?:_bucket|_count|_sum)?\\b(?:\\{([^}]*)})?");
  private static final Pattern LABEL =
      Pattern.compile("(\\w+)(?:=|!=|=~|!~)\"(?:[^\"\\\\]|\\\\.)*\"");

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service = started.addAll(surroundings.service()).get(0);

  private record Metric(String type, Set<String> labels, String help) {}

  @Test
  void pageHasTypeLabelsAndHelpOfEachMetric() throws IOException {
    try (var others = Surroundings.start();
        var provoked = provoked(others)) {
      assertThat(scraped(provoked)).isEqualTo(documented());
    }
  }

  /** Names of metrics with the labels of their selectors. */
  @ParameterizedTest
  @ValueSource(strings = {"dashboard.json", "prometheusrule.yaml"})
  void dashboardAndAlertsUseExistingMetrics(String file) throws IOException {
    var text = Files.readString(Path.of("k8s", "components", "monitoring", file), UTF_8);
    var documented = documented();
    var asked = SELECTOR.matcher(text.replace("\\\"", "\"")).results().toList();
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(asked)
        .allSatisfy(
            selector -> {
              var metric = documented.get(selector.group(1));
              assertThat(metric).as(selector.group()).isNotNull();
              assertThat(metric.labels()).as(selector.group()).containsAll(labels(selector));
            });
  }

  @Test
  void noLabelIdentifiesAUser() {
    var client = service.client();
    var code = code();
    var login = client.login(code).jsonPath();
    var openid = login.getString("openid");
    client.session(login.getString("access_token"));
    client.request().get("/users/" + APP.appid() + "/" + openid + "/sessions");
    client.request().get("/" + openid + "?code=" + code);
    assertThat(client.metrics())
        .contains("operation=\"user-sessions\"", "operation=\"unknown\"")
        .doesNotContain(code, login.getString("access_token"), openid, APP.secret());
  }

  @ParameterizedTest
  @CsvSource({
    "GET /nothing HTTP/1.1, , unknown, not-found",
    "PUT /login HTTP/1.1, Content-Length: 0, unknown, method-not-allowed",
    "GET /verify/x HTTP/1.1, , verify, token-missing",
    "GET /%zz HTTP/1.1, , unknown, invalid-request",
    "POST /login HTTP/1.1, Transfer-Encoding: x, malformed, invalid-request",
    "GET /a HTTP/1.1, Content-Length: x, malformed, invalid-request",
    "NONSENSE, , malformed, invalid-request",
  })
  void requestsWithoutResourceAreCountedOnce(
      String line, String header, String operation, String outcome) throws IOException {
    var before = requests();
    RawHttp.exchange(
        service.traffic(),
        line
            + "\r\nHost: h\r\nConnection: close\r\n"
            + (header == null ? "" : header + "\r\n")
            + "\r\n");
    await()
        .untilAsserted(
            () -> {
              var more = requests();
              before.forEach((kind, count) -> more.merge(kind, -count, Double::sum));
              more.values().removeIf(count -> count == 0);
              assertThat(more).isEqualTo(Map.of(operation + " " + outcome, 1.0));
            });
  }

  /** Returns a service with a rotated secret, after all of these events. */
  private static ServiceProcess provoked(Surroundings surroundings) {
    var builder =
        GatewayClient.knownTo(surroundings.service())
            .with("CLIENTS_0__MAY", "introspect,revoke,users,sign,/wxa/*")
            .with("WECHAT_PREVIOUS_SECRET", PREVIOUS_SECRET)
            .with("WECHAT_PUSH_TOKEN", EventSender.TOKEN)
            .with("SESSION_MAX_PER_USER", "1");
    var service = builder.start();
    var client = service.client();
    var gateway = new GatewayClient(client);
    var code = code();
    client.login(code);
    client.login(code);
    var token = client.tokenFor(code());
    client.phoneNumber(token, code());
    client.logout(token);
    gateway.request().get("/wechat/wxa/getwxacode");
    gateway.sign(APP.appid(), "o-stranger", "{\"data\":\"x\"}");
    try (var redis = new RedisConnection(surroundings.redis())) {
      redis.send("SET", RedisConnection.sessionKey(token), "garbage");
      client.session(token);
    }
    EventSender.of(APP).post(service, EventSender.of(APP).push("test_event", code(), ""));
    surroundings.redis().stop();
    client.session(token).then().statusCode(503);
    return service;
  }

  private static Map<String, Metric> documented() throws IOException {
    return ROW.matcher(Files.readString(PAGE, UTF_8))
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1),
                row -> new Metric(row.group(2), labelsIn(row.group(3)), textOf(row.group(4))),
                (one, other) -> one,
                TreeMap::new));
  }

  private static String textOf(String cell) {
    return cell.replace("`", "").strip();
  }

  private static Set<String> labelsIn(String cell) {
    return Arrays.stream(cell.replace("`", "").split(","))
        .map(String::strip)
        .filter(label -> !label.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Metric> scraped(ServiceProcess service) {
    var text = service.client().metrics();
    var labels =
        SAMPLE
            .matcher(text)
            .results()
            .collect(
                Collectors.toMap(
                    sample -> sample.group(1),
                    MetricsIT::labels,
                    (one, other) -> {
                      one.addAll(other);
                      return one;
                    }));
    var help =
        HELP.matcher(text)
            .results()
            .collect(Collectors.toMap(line -> line.group(1), line -> line.group(2).strip()));
    return TYPE.matcher(text)
        .results()
        .filter(type -> !type.group(1).endsWith("_max"))
        .collect(
            Collectors.toMap(
                MetricsIT::name,
                type -> new Metric(type.group(2), labels.get(name(type)), help.get(type.group(1))),
                (one, other) -> one,
                TreeMap::new));
  }

  /** Returns the name of a metric. OpenMetrics names a counter without its suffix. */
  private static String name(MatchResult type) {
    return type.group(1) + (type.group(2).equals("counter") ? "_total" : "");
  }

  private static Set<String> labels(MatchResult sample) {
    return LABEL
        .matcher(sample.group(2) == null ? "" : sample.group(2))
        .results()
        .map(label -> label.group(1))
        // "le" is the limit of a bucket, and Prometheus adds "job".
        .filter(label -> !label.equals("le") && !label.equals("job"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the number of requests by operation and outcome. */
  private static Map<String, Double> requests() {
    return Pattern.compile(
            "mini_login_requests_seconds_count\\{operation=\"(.*)\",outcome=\"(.*)\"} (\\S+)")
        .matcher(service.client().metrics())
        .results()
        .collect(
            Collectors.toMap(
                count -> count.group(1) + " " + count.group(2),
                count -> Double.valueOf(count.group(3)),
                Double::sum,
                HashMap::new));
  }
}
