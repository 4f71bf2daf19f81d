package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If tracing is on, a collector receives the spans of each request. */
@Tag("long")
class TracingIT {
  private static final String GATEWAY_SPAN = "b7ad6b7169203331";

  private static final Pattern EXAMPLE =
      Pattern.compile(
          "^mini_login_requests_seconds_bucket\\{.*# \\{span_id=\"(\\w+)\",trace_id=\"(\\w+)\"}",
          Pattern.MULTILINE);

  @RegisterExtension private static final Started started = new Started();
  private static final OtlpReceiver collector = started.add(new OtlpReceiver());
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service = started.add(traced(surroundings).start());

  private static ServiceProcess.Builder traced(Surroundings surroundings) {
    return collector
        .tracing(GatewayClient.knownTo(surroundings.service()))
        .with("CLIENTS_0__MAY", "introspect,revoke,users,/wxa/*");
  }

  @Test
  void requestJoinsTheTraceOfItsGateway() {
    var trace = newTrace();
    login(service, trace, "01", code()).then().statusCode(200);
    var spans = collector.trace(trace);
    var request = spanOf(spans, "login");
    assertThat(request.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertThat(OtlpReceiver.hex(request.getParentSpanId())).isEqualTo(GATEWAY_SPAN);
    assertThat(attributes(request))
        .isEqualTo(Map.of("mini_login.outcome", "success", "http.response.status_code", "200"));
    assertThat(spans)
        .filteredOn(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
        .hasSize(spans.size() - 1)
        .allSatisfy(
            call -> {
              assertThat(call.getParentSpanId()).isEqualTo(request.getSpanId());
              assertThat(call.getStartTimeUnixNano())
                  .isBetween(request.getStartTimeUnixNano(), call.getEndTimeUnixNano());
            });
    assertThat(attributes(spanOf(spans, "code2Session")))
        .isEqualTo(
            Map.of(
                "peer.service",
                "wechat",
                "mini_login.app",
                APP.appid(),
                "mini_login.outcome",
                "success"));
    assertThat(spans)
        .extracting(TracingIT::attributes)
        .filteredOn(attributes -> "redis".equals(attributes.get("db.system.name")))
        .isNotEmpty()
        .allSatisfy(
            attributes -> {
              assertThat(attributes)
                  .containsOnlyKeys(
                      "db.system.name", "db.operation.name", "db.operation.batch.size");
              assertThat(attributes.get("db.operation.name")).matches("[A-Z]+");
            });
  }

  @Test
  void everyRequestOfABatchHasARedisSpan() {
    var token = service.client().tokenFor(code());
    var traces = Stream.generate(TracingIT::newTrace).limit(20).toList();
    traces.parallelStream()
        .forEach(trace -> within(trace, "01").auth().oauth2(token).get("/session"));
    assertThat(traces)
        .allSatisfy(
            trace ->
                assertThat(collector.trace(trace))
                    .extracting(Span::getKind)
                    .contains(SpanKind.SPAN_KIND_CLIENT));
  }

  @Test
  void unsampledTraceIsNotExported() {
    var notSampled = newTrace();
    login(service, notSampled, "00", code("errcode=40029"))
        .then()
        .body("trace_id", equalTo(notSampled));
    var sampled = newTrace();
    login(service, sampled, "01", code());
    collector.trace(sampled);
    assertThat(collector.spans())
        .noneMatch(span -> OtlpReceiver.hex(span.getTraceId()).equals(notSampled));
  }

  @Test
  void problemLogAndSpansHaveTheSameTraceId() {
    var trace =
        service
            .client()
            .login(code("errcode=41008"))
            .then()
            .spec(problem("internal", 500, "none"))
            .extract()
            .<String>path("trace_id");
    var spans = collector.trace(trace);
    assertThat(spanOf(spans, "login").getParentSpanId()).isEmpty();
    assertThat(spanOf(spans, "login").getStatus().getCode())
        .isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(attributes(spanOf(spans, "login"))).containsEntry("error.type", "internal");
    await()
        .untilAsserted(
            () ->
                assertThat(service.lines())
                    .extracting(line -> JsonPath.from(line).<String, String>getMap("mdc"))
                    .anySatisfy(mdc -> assertThat(mdc).isEqualTo(Map.of("trace_id", trace))));
  }

  @Test
  void spanOfRedisShowsItsFailure() {
    try (var others = Surroundings.start();
        var unlucky = traced(others).start()) {
      others.redis().kill();
      var trace = newTrace();
      login(unlucky, trace, "01", code()).then().statusCode(503);
      assertThat(collector.trace(trace))
          .filteredOn(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
          .extracting(TracingIT::attributes)
          .anySatisfy(
              attributes -> assertThat(attributes).containsEntry("error.type", "no-connection"));
    }
  }

  @Test
  void spanContainsNoRequestContent() {
    var trace = newTrace();
    var openid = "o-of-nobody";
    within(trace, "01")
        .header("Authorization", GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET))
        .get(GatewayClient.path(APP.appid(), openid) + "?unionid=" + openid);
    var span = spanOf(collector.trace(trace), "user-sessions");
    assertThat(attributes(span))
        .containsOnlyKeys("mini_login.outcome", "http.response.status_code");
    assertThat(span.getEventsList()).isEmpty();
    assertThat(span.getLinksList()).isEmpty();
    assertThat(collector.raw()).isNotEmpty().noneMatch(message -> message.contains(openid));
  }

  @Test
  void wechatReceivesNoTraceHeaders() {
    var trace = newTrace();
    var token = service.client().tokenFor(code());
    within(trace, "01")
        .auth()
        .oauth2(token)
        .contentType("application/json")
        .body(Map.of("code", code()))
        .post("/session/phone-number")
        .then()
        .statusCode(200);
    within(trace, "01")
        .header("Authorization", GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET))
        .get("/wechat/wxa/simulated/echo");
    var paths =
        List.of("/cgi-bin/stable_token", "/wxa/business/getuserphonenumber", "/wxa/simulated/echo");
    assertThat(paths)
        .allSatisfy(
            path ->
                assertThat(surroundings.wechat().requests(path))
                    .isNotEmpty()
                    .allSatisfy(
                        request ->
                            assertThat(request.headers().keySet())
                                .noneMatch(name -> name.startsWith("trace"))
                                .doesNotContain("baggage", "b3")));
    assertThat(collector.trace(trace, 2)).extracting(Span::getName).contains("stableToken", "api");
  }

  @Test
  void histogramsHaveExemplars() {
    var trace = newTrace();
    login(service, trace, "01", code());
    collector.trace(trace);
    var examples = EXAMPLE.matcher(service.client().openMetrics()).results().toList();
    assertThat(examples)
        .isNotEmpty()
        .allSatisfy(
            example ->
                assertThat(collector.trace(example.group(2)))
                    .extracting(span -> OtlpReceiver.hex(span.getSpanId()))
                    .contains(example.group(1)));
  }

  @Test
  void spansCanBeExportedOverHttp() {
    try (var other =
        traced(surroundings).with("QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").start()) {
      var trace = newTrace();
      login(other, trace, "01", code());
      assertThat(collector.trace(trace)).extracting(Span::getName).contains("login");
    }
  }

  /** Port 1 refuses connections. */
  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1", "http://collector.invalid:4317"})
  void unreachableCollectorDelaysNoRequest(String away) {
    try (var other =
        traced(surroundings).with("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", away).start()) {
      for (int i = 0; i < 50; i++) {
        other.client().login(code()).then().statusCode(200);
      }
      // The warning is rare, even if many spans are lost.
      await()
          .untilAsserted(
              () ->
                  assertThat(other.lines())
                      .filteredOn(line -> line.contains("export"))
                      .hasSizeBetween(1, 10));
    }
  }

  @Test
  void tracingIsOffByDefault() {
    try (var other = traced(surroundings).without("QUARKUS_OTEL_SDK_DISABLED").start()) {
      var trace = newTrace();
      login(other, trace, "01", code("errcode=40029")).then().body("trace_id", equalTo(trace));
      other.terminate();
      other.awaitExit();
      assertThat(collector.spans())
          .noneMatch(span -> OtlpReceiver.hex(span.getTraceId()).equals(trace));
    }
  }

  private static Response login(ServiceProcess at, String trace, String flags, String code) {
    return within(at, trace, flags)
        .contentType("application/json")
        .body(Map.of("code", code))
        .post("/login");
  }

  private static RequestSpecification within(String trace, String flags) {
    return within(service, trace, flags);
  }

  private static RequestSpecification within(ServiceProcess at, String trace, String flags) {
    return at.client()
        .request()
        .header("traceparent", "00-" + trace + "-" + GATEWAY_SPAN + "-" + flags);
  }

  private static String newTrace() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static Span spanOf(List<Span> spans, String name) {
    assertThat(spans).extracting(Span::getName).contains(name);
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(Collectors.toMap(KeyValue::getKey, TracingIT::text));
  }

  private static String text(KeyValue attribute) {
    var value = attribute.getValue();
    return value.hasIntValue() ? String.valueOf(value.getIntValue()) : value.getStringValue();
  }
}
