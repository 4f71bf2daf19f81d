package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.elements;
import static io.minilogin.k8s.Manifests.pod;
import static io.minilogin.k8s.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.minilogin.OpenApi;
import io.minilogin.k8s.Rendering.Tool;
import io.quarkus.redis.runtime.client.config.RedisClientConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests name only ports, paths and settings that the service has. */
class ManifestsFitTheServiceTest {
  /** The tags of the operations that gateways route from outside. */
  private static final Set<String> PUBLIC = Set.of("mini programs", "WeChat");

  private static final String ALL = "io.minilogin.k8s.Rendering#all";
  private static final String MINI_LOGIN = "mini-login";
  private static final Properties DEFAULTS = new Properties();
  private static String page;

  @BeforeAll
  static void readTheService() throws IOException {
    try (var file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      DEFAULTS.load(file);
    }
    page = Files.readString(Path.of("docs", "configuration.md"));
  }

  // Ports and probes

  @ParameterizedTest
  @MethodSource(ALL)
  void containerPortsAreThoseOfTheService(Rendering rendering) {
    var container = container(rendering.manifests());
    assertThat(elements(container.path("ports")).map(ManifestsFitTheServiceTest::portAndName))
        .containsExactlyInAnyOrder(
            "http " + DEFAULTS.get("quarkus.http.port"),
            "management " + DEFAULTS.get("quarkus.management.port"));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void serviceRoutesOnlyTraffic(Rendering rendering) {
    var service = rendering.manifests().only("Service", MINI_LOGIN);
    assertThat(elements(service.at("/spec/ports")).map(port -> port.path("targetPort").asText()))
        .containsOnly("http");
    assertThat(service.path("spec").has("type")).isFalse();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void probesUseTheHealthEndpoints(Rendering rendering) {
    var container = container(rendering.manifests());
    assertThat(probe(container, "startup")).isEqualTo("management /q/health/started");
    assertThat(probe(container, "liveness")).isEqualTo("management /q/health/live");
    assertThat(probe(container, "readiness")).isEqualTo("management /q/health/ready");
    var documented = OpenApi.document().at("/info/description").asText();
    assertThat(documented)
        .contains("`/q/health/started`", "`/q/health/live`", "`/q/health/ready`", "`/q/metrics`");
  }

  /** The readiness check gives Redis a second, so the kubelet must wait longer. */
  @ParameterizedTest
  @MethodSource(ALL)
  void kubeletWaitsLongerThanTheReadinessCheck(Rendering rendering) {
    var readiness = container(rendering.manifests()).path("readinessProbe");
    assertThat(readiness.path("timeoutSeconds").asInt()).isGreaterThan(1);
  }

  @Test
  void jvmHasMoreTimeToStart() {
    assertThat(startupSeconds(Rendering.PROD)).isGreaterThanOrEqualTo(30);
    assertThat(startupSeconds(Rendering.prodWith("jvm"))).isGreaterThanOrEqualTo(120);
  }

  @Test
  void prometheusScrapesTheMetricsEndpoint() {
    var annotations =
        Rendering.K8S
            .manifests()
            .only("Deployment", MINI_LOGIN)
            .at("/spec/template/metadata/annotations");
    assertThat(annotations.path("prometheus.io/port").asText())
        .isEqualTo(DEFAULTS.get("quarkus.management.port"));
    assertThat(annotations.path("prometheus.io/path").asText()).isEqualTo("/q/metrics");

    var monitored = Rendering.prodWith("monitoring").manifests();
    assertThat(elements(monitored.only("PodMonitor", MINI_LOGIN).at("/spec/podMetricsEndpoints")))
        .singleElement()
        .satisfies(
            endpoint -> {
              assertThat(endpoint.path("port").asText()).isEqualTo("management");
              assertThat(endpoint.path("path").asText()).isEqualTo("/q/metrics");
            });
    // Otherwise Prometheus would scrape each pod twice.
    assertThat(monitored.only("Deployment", MINI_LOGIN).at("/spec/template/metadata/annotations"))
        .isEmpty();
  }

  @Test
  void ingressIsLimitedToTrafficAndMetrics() {
    var ingress = Rendering.PROD.manifests().only("NetworkPolicy", MINI_LOGIN).at("/spec/ingress");
    assertThat(elements(ingress))
        .extracting(
            rule -> rule.at("/ports").size(),
            rule -> rule.at("/ports/0/port").asText(),
            rule -> rule.findValuesAsText("mini-login/traffic").size(),
            rule -> rule.findValuesAsText("mini-login/metrics").size())
        .containsExactly(tuple(1, "http", 1, 0), tuple(1, "management", 0, 1));
  }

  @Test
  void egressIsLimitedToDnsRedisAndHttps() {
    var egress = Rendering.PROD.manifests().only("NetworkPolicy", MINI_LOGIN).at("/spec/egress");
    assertThat(elements(egress)).allSatisfy(rule -> assertThat(rule.path("to")).isNotEmpty());
    assertThat(elements(egress).flatMap(rule -> elements(rule.path("ports"))))
        .extracting(port -> port.path("port").asInt())
        .containsOnly(53, 6379, 26379, 443);
  }

  /** The comments in the policy become rules when an operator removes the comment signs. */
  @Test
  void rulesForACollectorBackendsAndAProxyCanBeUncommented() throws IOException {
    var file = Path.of("k8s/components/network-policy/networkpolicy.yaml");
    var commented = Pattern.compile("^( *)# (- to:|  .*)$", Pattern.MULTILINE);
    var policy = commented.matcher(Files.readString(file)).replaceAll("$1$2");
    var egress = new YAMLMapper().readTree(policy).at("/spec/egress");
    assertThat(elements(egress)).allSatisfy(rule -> assertThat(rule.path("to")).isNotEmpty());
    assertThat(elements(egress).flatMap(rule -> elements(rule.path("ports"))))
        .extracting(port -> port.path("port").asInt())
        .containsOnly(53, 6379, 26379, 4317, 4318, 8080, 3128, 443);
    assertThat(Files.readString(Path.of("docs", "operations.md")))
        .contains(":4317", "4318", file.getFileName().toString());
    assertThat(page).contains("quarkus.proxy.egress.port=3128", file.getFileName().toString());
  }

  // Paths

  static Stream<Rendering> publicRoutes() {
    return Stream.of(Rendering.prodWith("ingress-nginx"), Rendering.prodWith("gateway-api"));
  }

  /** The tags of the document name the callers of each endpoint. */
  @ParameterizedTest
  @MethodSource("publicRoutes")
  void onlyEndpointsForMiniProgramsArePublic(Rendering rendering) {
    var routes = routes(rendering.manifests());
    assertThat(OpenApi.operations())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            operation ->
                assertThat(isRouted(routes, operation.path()))
                    .isEqualTo(
                        !Collections.disjoint(texts(operation.content().path("tags")), PUBLIC)));
    assertThat(List.of("/q/health/ready", "/q/metrics", "/q/openapi", "/", "/loginx", "/login/x"))
        .noneMatch(path -> isRouted(routes, path));
    assertThat(List.of("/wechat/wxa/msg_sec_check", "/sessionsx", "/sessions/x", "/verifysession"))
        .noneMatch(path -> isRouted(routes, path));
  }

  @ParameterizedTest
  @MethodSource("publicRoutes")
  void routesLeadToTheTrafficPortOfTheService(Rendering rendering) {
    var manifests = rendering.manifests();
    var port = manifests.only("Service", MINI_LOGIN).at("/spec/ports/0");
    var ingress =
        manifests.ofKind("Ingress").flatMap(route -> route.findValues("service").stream());
    assertThat(ingress)
        .allSatisfy(
            backend -> {
              assertThat(backend.path("name").asText()).isEqualTo(MINI_LOGIN);
              assertThat(backend.at("/port/name")).isEqualTo(port.path("name"));
            });
    var http =
        manifests.ofKind("HTTPRoute").flatMap(route -> route.findValues("backendRefs").stream());
    assertThat(http.flatMap(Manifests::elements))
        .allSatisfy(
            backend -> {
              assertThat(backend.path("name").asText()).isEqualTo(MINI_LOGIN);
              assertThat(backend.path("port")).isEqualTo(port.path("port"));
            });
  }

  // Settings and secrets

  @ParameterizedTest
  @MethodSource(ALL)
  void onlyDocumentedSettingsAreSet(Rendering rendering) {
    assertThat(rendering.manifests().settings().keySet())
        .allSatisfy(variable -> assertThat(page).contains("`" + variable + "`"));
  }

  /** The suffix is a hash of the content, so that a change restarts the pods. */
  @Test
  void nameOfTheConfigMapDependsOnItsContent() {
    var name =
        container(Rendering.K8S.by(Tool.KUSTOMIZE).manifests())
            .at("/envFrom/0/configMapRef/name")
            .asText();
    assertThat(name).matches("mini-login-[a-z0-9]{10}");
  }

  /** The environment overrides files. */
  @Test
  void settingsOfTheBaseDoNotOverrideTheSecret() {
    assertThat(Rendering.K8S.manifests().settings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void secretIsMountedWhereTheServiceReadsProperties(Rendering rendering) {
    var workload = rendering.manifests().only("Deployment", MINI_LOGIN);
    assertThat(elements(container(workload).path("volumeMounts")))
        .filteredOn(mount -> mount.path("name").asText().equals("secret"))
        .singleElement()
        .satisfies(
            mount -> {
              assertThat(mount.path("mountPath").asText())
                  .isEqualTo(DEFAULTS.get("smallrye.config.source.file.locations"));
              // A mount of a single file is never updated.
              assertThat(mount.has("subPath")).isFalse();
            });
    assertThat(elements(pod(workload).path("volumes")))
        .filteredOn(volume -> volume.path("name").asText().equals("secret"))
        .singleElement()
        .satisfies(
            volume -> {
              assertThat(volume.at("/secret/secretName").asText()).isEqualTo(MINI_LOGIN);
              assertThat(volume.at("/secret").has("items")).isFalse();
              // Readable by the owner and by the group of the process.
              assertThat(volume.at("/secret/defaultMode").asInt()).isEqualTo(0440);
            });
    var context = pod(workload).path("securityContext");
    assertThat(context.path("fsGroup")).isEqualTo(context.path("runAsGroup"));
  }

  @Test
  void keysOfTheExternalSecretAreProperties() {
    var manifests = Rendering.prodWith("external-secret").manifests();
    var secret = manifests.only("ExternalSecret", MINI_LOGIN);
    assertThat(secret.at("/spec/target/name").asText()).isEqualTo(MINI_LOGIN);
    assertThat(secret.findValuesAsText("secretKey"))
        .contains("wechat.appid", "wechat.secret")
        .allMatch(key -> page.contains("`" + key + "`") || propertiesOfRedis().contains(key));
  }

  @Test
  void manifestsContainNoSecret() {
    assertThat(Rendering.all())
        .allSatisfy(
            rendering -> assertThat(rendering.manifests().ofKind("Secret").toList()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void podsHaveNoTokenOfTheApiServer(Rendering rendering) {
    assertThat(rendering.manifests().workloads())
        .allSatisfy(
            workload -> {
              var token = pod(workload).path("automountServiceAccountToken");
              assertThat(token.toString()).isEqualTo("false");
              assertThat(pod(workload).path("enableServiceLinks").toString()).isEqualTo("false");
            });
  }

  // Replacement of pods

  @ParameterizedTest
  @MethodSource(ALL)
  void terminationGracePeriodExceedsTheShutdownTime(Rendering rendering) {
    var grace =
        pod(rendering.manifests().only("Deployment", MINI_LOGIN))
            .path("terminationGracePeriodSeconds");
    assertThat(Duration.ofSeconds(grace.asInt()))
        .isGreaterThan(setting("quarkus.shutdown.delay").plus(setting("quarkus.shutdown.timeout")));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void newPodIsReadyBeforeAnOldPodStops(Rendering rendering) {
    var update =
        rendering
            .manifests()
            .only("Deployment", MINI_LOGIN)
            .at("/spec/strategy/rollingUpdate/maxUnavailable");
    assertThat(update.toString()).isEqualTo("0");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void podsOfARevisionAreSpreadOverZonesAndNodes(Rendering rendering) {
    var workload = rendering.manifests().only("Deployment", MINI_LOGIN);
    assertThat(elements(pod(workload).path("topologySpreadConstraints")))
        .allSatisfy(
            spread -> {
              assertThat(spread.at("/labelSelector/matchLabels"))
                  .isEqualTo(workload.at("/spec/selector/matchLabels"));
              assertThat(texts(spread.path("matchLabelKeys"))).containsExactly("pod-template-hash");
            })
        .extracting(spread -> spread.path("topologyKey").asText())
        .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
  }

  @Test
  void productionDefinesItsPriorityClass() {
    var manifests = Rendering.PROD.manifests();
    var priority = pod(manifests.only("Deployment", MINI_LOGIN)).path("priorityClassName").asText();
    assertThat(manifests.only("PriorityClass", priority).path("value").asInt())
        .isBetween(1, 1_000_000_000);
  }

  @Test
  void productionScalesUpAndDownWithoutFlapping() {
    var scaler = Rendering.PROD.manifests().only("HorizontalPodAutoscaler", MINI_LOGIN);
    assertThat(scaler.at("/spec/behavior/scaleDown/stabilizationWindowSeconds").asInt())
        .isGreaterThanOrEqualTo(300);
    assertThat(scaler.at("/spec/behavior/scaleUp/stabilizationWindowSeconds").asInt()).isPositive();
  }

  // The bundled Redis

  @Test
  void redisUserHasExactlyThePermissionsOfTheService() throws IOException {
    var rules = acl(MINI_LOGIN);
    assertThat(rules).contains("on", "#PASSWORD_SHA256", "~ml:*", "resetchannels", "-@all");
    assertThat(rules.stream().filter(rule -> rule.startsWith("+")).collect(Collectors.toSet()))
        .isEqualTo(documentedCommands());
    assertThat(rules.stream().filter(rule -> rule.startsWith("~"))).containsExactly("~ml:*");
  }

  @Test
  void otherRedisUsersMayOnlyPing() throws IOException {
    assertThat(acl("default"))
        .containsExactlyInAnyOrder("on", "nopass", "resetkeys", "resetchannels", "-@all", "+ping");
    assertThat(lines("users.acl").map(line -> line.replaceAll("user (\\S+) .*", "$1")))
        .containsExactlyInAnyOrder("default", MINI_LOGIN);
  }

  @Test
  void redisPersistsDataAndNeverEvicts() throws IOException {
    assertThat(lines("redis.conf"))
        .contains("dir /data", "appendonly yes", "maxmemory-policy noeviction");
    var redis = Rendering.DEV.manifests().only("StatefulSet", "redis");
    assertThat(redis.at("/spec/volumeClaimTemplates/0/metadata/name").asText()).isEqualTo("data");
    assertThat(elements(container(redis).path("volumeMounts")))
        .anySatisfy(
            mount -> {
              assertThat(mount.path("name").asText()).isEqualTo("data");
              assertThat(mount.path("mountPath").asText()).isEqualTo("/data");
            });
  }

  static Stream<Rendering> withRedis() {
    return Stream.of(Rendering.DEV, Rendering.prodWith("redis"));
  }

  @ParameterizedTest
  @MethodSource("withRedis")
  void serviceUsesTheBundledRedis(Rendering rendering) {
    var manifests = rendering.manifests();
    assertThat(URI.create(manifests.settings().get("QUARKUS_REDIS_HOSTS")))
        .hasScheme("redis")
        .hasParameter("user", MINI_LOGIN)
        .satisfies(
            uri ->
                assertThat(
                        manifests.only("Service", uri.getHost()).at("/spec/ports/0/port").asInt())
                    .isEqualTo(uri.getPort()));
    assertThat(propertiesOfRedis()).contains("quarkus.redis.password");
    assertThat(manifests.only("StatefulSet", "redis").findValuesAsText("key"))
        .containsExactly("quarkus.redis.password");
  }

  @Test
  void devHasOnePod() {
    assertThat(
            Rendering.DEV.manifests().only("Deployment", MINI_LOGIN).at("/spec/replicas").asInt())
        .isOne();
  }

  private static JsonNode container(Manifests manifests) {
    return container(manifests.only("Deployment", MINI_LOGIN));
  }

  private static JsonNode container(JsonNode workload) {
    return pod(workload).at("/containers/0");
  }

  private static String portAndName(JsonNode port) {
    return port.path("name").asText() + " " + port.path("containerPort").asInt();
  }

  private static String probe(JsonNode container, String name) {
    var asked = container.at("/" + name + "Probe/httpGet");
    return asked.path("port").asText() + " " + asked.path("path").asText();
  }

  private static int startupSeconds(Rendering rendering) {
    var probe = container(rendering.manifests()).path("startupProbe");
    return probe.path("periodSeconds").asInt() * probe.path("failureThreshold").asInt();
  }

  private static Duration setting(String name) {
    return Duration.parse("PT" + DEFAULTS.getProperty(name).toUpperCase(Locale.ROOT));
  }

  /** A path that is routed to mini-login. A prefix consists of whole segments in both APIs. */
  private record Route(String type, String path) {
    boolean matches(String asked) {
      return switch (type) {
        case "Exact" -> asked.equals(path);
        case "Prefix", "PathPrefix" -> asked.equals(path) || asked.startsWith(path + "/");
        default -> throw new AssertionError(type);
      };
    }
  }

  private static boolean isRouted(List<Route> routes, String path) {
    return routes.stream().anyMatch(route -> route.matches(path));
  }

  private static List<Route> routes(Manifests manifests) {
    var ingress =
        manifests
            .ofKind("Ingress")
            .flatMap(one -> elements(one.at("/spec/rules")))
            .flatMap(rule -> elements(rule.at("/http/paths")))
            .map(path -> route(path, "pathType", "path"));
    var gateway =
        manifests
            .ofKind("HTTPRoute")
            .flatMap(one -> elements(one.at("/spec/rules")))
            .flatMap(rule -> elements(rule.path("matches")))
            .map(match -> route(match.path("path"), "type", "value"));
    var routes = Stream.concat(ingress, gateway).toList();
    assertThat(routes).isNotEmpty();
    return routes;
  }

  private static Route route(JsonNode node, String type, String path) {
    return new Route(node.path(type).asText(), node.path(path).asText());
  }

  private static List<String> acl(String user) throws IOException {
    var start = "user " + user + " ";
    var rules = lines("users.acl").filter(line -> line.startsWith(start)).toList();
    assertThat(rules).hasSize(1);
    return List.of(rules.get(0).substring(start.length()).split(" ", -1));
  }

  private static Stream<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of("k8s", "components", "redis", file)).stream()
        .filter(line -> !line.startsWith("#"));
  }

  /** Returns the commands that the page on storage lists as always needed. */
  private static Set<String> documentedCommands() throws IOException {
    var sentence =
        Pattern.compile("Redis needs to allow (.*?) on `ml:\\*`", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs", "storage.md")));
    assertThat(sentence.find()).isTrue();
    return Pattern.compile("\\b[A-Z]+\\b")
        .matcher(sentence.group(1))
        .results()
        .map(command -> "+" + command.group().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** Returns the properties of the Redis client of Quarkus. */
  private static Set<String> propertiesOfRedis() {
    return Arrays.stream(RedisClientConfig.class.getMethods())
        .map(method -> method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
        .map(name -> "quarkus.redis." + name)
        .collect(Collectors.toSet());
  }
}
