package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.minilogin.dev.PushSender;
import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import io.minilogin.it.Client;
import io.minilogin.it.Started;
import io.minilogin.it.Surroundings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus evaluates the alerts of the component {@code monitoring}: an hour without failures,
 * followed by some minutes of a failure. In each of these minutes the metrics grow as they grew in
 * a real service with this failure.
 */
@Tag("long")
@Tag("jar")
class AlertsIT {
  private static final Path RULE =
      Path.of("k8s", "components", "monitoring", "prometheusrule.yaml");
  private static final int HEALTHY_MINUTES = 60;
  private static final int FAULT_MINUTES = 10;
  private static final int ROUND = 20;
  private static final String PUSH_TOKEN = "t0ken-of-the-push";
  private static final String PAYMENT = "xpay_goods_deliver_notify";

  private static final Pattern SAMPLE =
      Pattern.compile("^(mini_login_\\w+(?:\\{.*})?) (\\S+)$", Pattern.MULTILINE);
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension private static final Started started = new Started();

  @TempDir private Path directory;

  private static final Path promtool = Installed.program("promtool");
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final Client client =
      started
          .add(
              surroundings
                  .service()
                  .with("WECHAT_PUSH_TOKEN", PUSH_TOKEN)
                  .with("PUSH_ROUTES_0__EVENTS", "xpay_*")
                  .with("PUSH_ROUTES_0__URL", "http://127.0.0.1:1")
                  .start())
          .client();

  /** Waits until the failure of the previous test is over. */
  @BeforeEach
  void awaitLogins() {
    await().until(() -> client.login(code()).statusCode() == 200);
  }

  @Test
  void redisOutageFiresAlertsForLoginsAndChecks() throws Exception {
    fires(
        () -> {
          surroundings.redis().kill();
          round("", client);
          surroundings.restartRedis();
        },
        Map.of("MiniLoginLoginsFail", Map.of(), "MiniLoginChecksFail", Map.of()));
  }

  @Test
  void failureOfWechatFiresAnAlertForTheApp() throws Exception {
    fires(
        () -> round(".close", client), Map.of("MiniLoginWechatFails", Map.of("app", APP.appid())));
  }

  @Test
  void wrongSecretFiresAlertsForLoginsAndTheApp() throws Exception {
    fires(
        () -> round(".errcode=40125", client),
        Map.of(
            "MiniLoginLoginsFail",
            Map.of(),
            "MiniLoginAppRefused",
            Map.of("app", APP.appid(), "outcome", "app-misconfigured")));
  }

  @Test
  void floodOfInvalidCodesFiresNoAlert() throws Exception {
    fires(() -> round(".errcode=40029", client), Map.of());
  }

  @Test
  void unreachableBackendFiresAnAlertForItsEvents() throws Exception {
    fires(
        () -> pushes(Clock.systemUTC(), 502),
        Map.of(
            "MiniLoginEventsNotDelivered",
            Map.of("app", APP.appid(), "event", PAYMENT, "outcome", "backend-failed")));
  }

  @Test
  void oldEventsFireAnAlert() throws Exception {
    fires(
        () -> pushes(Clock.offset(Clock.systemUTC(), Duration.ofDays(-1)), 403),
        Map.of("MiniLoginEventsTooOld", Map.of("app", APP.appid())));
  }

  private static void pushes(Clock clock, int status) {
    var sender = new PushSender(APP.appid(), PUSH_TOKEN, Optional.empty(), clock);
    for (int i = 0; i < ROUND; i++) {
      var push = sender.push(Mode.PLAIN, Format.JSON, sender.event(PAYMENT, "o-" + i));
      client
          .request()
          .contentType(push.contentType())
          .body(push.body())
          .post(push.target("/push/" + APP.appid()))
          .then()
          .statusCode(status);
    }
  }

  private interface Fault {
    void happens() throws IOException;
  }

  /** Sends logins and checks in equal numbers. */
  private static void round(String words, Client client) {
    var token = "mlt_" + "A".repeat(43);
    for (int i = 0; i < ROUND; i++) {
      client.login(code() + words);
      client.request().header("Authorization", "Bearer " + token).get("/verify");
    }
  }

  private void fires(Fault fault, Map<String, Map<String, String>> expected) throws Exception {
    var well = added(() -> round("", client), false);
    var ill = added(fault, expected.containsKey("MiniLoginChecksFail"));

    var rule = new ObjectMapper(new YAMLFactory()).readTree(RULE.toFile()).path("spec");
    JSON.writeValue(directory.resolve("rules.yaml").toFile(), rule);
    var tests = new ArrayList<Map<String, Object>>();
    for (var each : rule.findValuesAsText("alert")) {
      tests.add(
          Map.of("eval_time", HEALTHY_MINUTES + "m", "alertname", each, "exp_alerts", List.of()));
      tests.add(
          Map.of(
              "eval_time",
              HEALTHY_MINUTES + FAULT_MINUTES + "m",
              "alertname",
              each,
              "exp_alerts",
              expected.containsKey(each)
                  ? List.of(alert(rule, each, expected.get(each)))
                  : List.of()));
    }
    var series =
        ill.entrySet().stream()
            .map(
                sample ->
                    Map.of(
                        "series",
                        sample.getKey(),
                        "values",
                        values(
                            well.getOrDefault(sample.getKey(), BigDecimal.ZERO),
                            sample.getValue())))
            .toList();
    judge(series, tests);
  }

  @Test
  void forcedRefreshesFireAnAlertBeforeTheQuotaIsUsedUp() throws Exception {
    var name = "MiniLoginAccessTokenForced";
    var rule = new ObjectMapper(new YAMLFactory()).readTree(RULE.toFile()).path("spec");
    JSON.writeValue(directory.resolve("rules.yaml").toFile(), rule);
    var app = Map.of("app", APP.appid());
    judge(
        List.of(
            Map.of(
                "series",
                "mini_login_access_token_forced_refreshes_left{app=\"%s\",pod=\"a\"}"
                    .formatted(APP.appid()),
                "values",
                "20 16 15"),
            Map.of(
                "series",
                "mini_login_access_token_forced_refreshes_left{app=\"%s\",pod=\"b\"}"
                    .formatted(APP.appid()),
                "values",
                "20 20 20")),
        List.of(
            Map.of("eval_time", "1m", "alertname", name, "exp_alerts", List.of()),
            Map.of(
                "eval_time",
                "2m",
                "alertname",
                name,
                "exp_alerts",
                List.of(alert(rule, name, app)))));
  }

  private void judge(List<Map<String, String>> series, List<Map<String, Object>> tests)
      throws IOException, InterruptedException {
    JSON.writeValue(
        directory.resolve("tests.yaml").toFile(),
        Map.of(
            "rule_files",
            List.of("rules.yaml"),
            "evaluation_interval",
            "1m",
            "tests",
            List.of(Map.of("interval", "1m", "input_series", series, "alert_rule_test", tests))));
    var judged =
        new ProcessBuilder(promtool.toString(), "test", "rules", "tests.yaml")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(judged.getInputStream().readAllBytes(), UTF_8);
    assertThat(judged.waitFor()).as(said).isZero();
  }

  private static Map<String, Object> alert(JsonNode rule, String name, Map<String, String> labels) {
    var annotations = new TreeMap<String, String>();
    var all = new TreeMap<>(labels);
    for (var group : rule.path("groups")) {
      for (var each : group.path("rules")) {
        if (each.path("alert").asText().equals(name)) {
          all.put("severity", each.path("labels").path("severity").asText());
          each.path("annotations")
              .properties()
              .forEach(it -> annotations.put(it.getKey(), filled(it.getValue().asText(), labels)));
        }
      }
    }
    return Map.of("exp_labels", all, "exp_annotations", annotations);
  }

  private static String filled(String template, Map<String, String> labels) {
    var text = template;
    for (var label : labels.entrySet()) {
      text = text.replace("{{ $labels." + label.getKey() + " }}", label.getValue());
    }
    return text;
  }

  /** Returns the values of a counter that grows by this amount in each minute. */
  private static String values(BigDecimal well, BigDecimal ill) {
    var end = well.multiply(BigDecimal.valueOf(HEALTHY_MINUTES));
    return "0+%sx%d %s+%sx%d"
        .formatted(
            well.toPlainString(),
            HEALTHY_MINUTES,
            end.add(ill).toPlainString(),
            ill.toPlainString(),
            FAULT_MINUTES);
  }

  /**
   * Returns the increase of the counters by the action.
   *
   * @param mayBeSlow whether slow checks are part of the failure; otherwise a busy machine has
   *     caused them, and the action is repeated
   */
  private static Map<String, BigDecimal> added(Fault action, boolean mayBeSlow) throws IOException {
    while (true) {
      var before = scraped();
      action.happens();
      var added = scraped();
      before.forEach((series, count) -> added.merge(series, count.negate(), BigDecimal::add));
      if (mayBeSlow || checks(added, "le=\"+Inf\"").compareTo(checks(added, "le=\"0.05\"")) == 0) {
        return added;
      }
    }
  }

  private static BigDecimal checks(Map<String, BigDecimal> added, String bucket) {
    return added.entrySet().stream()
        .filter(series -> series.getKey().startsWith("mini_login_requests_seconds_bucket"))
        .filter(series -> series.getKey().contains("operation=\"verify\""))
        .filter(series -> series.getKey().contains(bucket))
        .map(Map.Entry::getValue)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Map<String, BigDecimal> scraped() {
    var samples = new TreeMap<String, BigDecimal>();
    SAMPLE
        .matcher(client.metrics())
        .results()
        .filter(sample -> sample.group(1).matches(".*(_bucket|_count|_total)(\\{.*)?"))
        .forEach(sample -> samples.put(sample.group(1), new BigDecimal(sample.group(2))));
    return samples;
  }
}
