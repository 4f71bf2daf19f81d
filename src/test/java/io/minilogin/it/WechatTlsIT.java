package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.minilogin.it.Certificates.Certificate;
import io.minilogin.it.gateway.Installed;
import io.minilogin.it.gateway.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The app secret is sent only to a server with a valid certificate of WeChat, and no proxy can read
 * it.
 */
@Tag("long")
class WechatTlsIT {
  private static final String EGRESS = "## Egress to WeChat through an HTTP proxy";

  @RegisterExtension private static final Started started = new Started();
  @TempDir private static Path files;

  private static final Certificates certificates = new Certificates();
  private static final Certificate good = certificates.issue("good");
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final TcpProxy wechat = started.add(wechat());
  private static ServiceProcess service;

  @BeforeAll
  static void start() {
    service = started.add(service(trust()).start());
    // Fetches the access token first, so that later calls of the backend need no other request to
    // WeChat.
    BackendClient.of(service).get("/echo/first");
  }

  static Stream<Arguments> wrongCertificates() {
    return Stream.of(
        arguments(
            certificates.issue("another-host", "-ext", "san=dns:api.weixin.qq.com"),
            "its certificate is for another host"),
        arguments(
            certificates.issue(
                "expired", "-ext", "san=ip:127.0.0.1", "-startdate", "-9d", "-validity", "8"),
            "its certificate has expired"),
        arguments(new Certificates().issue("unknown-authority"), "its certificate is not trusted"));
  }

  @AfterEach
  void restoreTheValidCertificate() throws IOException {
    wechat.close();
    wechat.reopen(Certificates.context(good));
    service.client().login(code()).then().statusCode(200);
    assertThat(BackendClient.of(service).get("/echo/good").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("wrongCertificates")
  void wrongCertificateIsRefused(Certificate wrong, String reason) throws IOException {
    wechat.close();
    wechat.reopen(Certificates.context(wrong));
    assertNothingIsSent(service);
    await()
        .untilAsserted(
            () ->
                assertThat(service.lines())
                    .anyMatch(
                        line -> line.contains("\"level\":\"WARN\"") && line.contains(reason)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls1_1", "tls1_2", "tls1_3"})
  void onlyOldTlsVersionsAreRefused(String version) throws IOException {
    wechat.close();
    try (var server = new OpensslServer(version)) {
      service.client().login(code()).then().statusCode(version.equals("tls1_1") ? 502 : 504);
      assertThat(server.received(APP.secret())).isEqualTo(!version.equals("tls1_1"));
    }
  }

  @Test
  void proxyCannotReadTheTunnel() throws IOException {
    try (var proxy =
            new ConnectProxy(GatewayClient.basic("mini-login", "the-password-of-the-proxy"));
        var egress = service(trust().text() + egress(proxy).text()).start()) {
      var code = code();
      egress.client().login(code).then().statusCode(200);
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
      assertThat(BackendClient.of(egress).get("/echo/tunnel").statusCode()).isEqualTo(200);
      assertThat(proxy.heads())
          .as("tunnels for the login and for the call of the backend")
          .hasSize(2);
      assertThat(proxy.heads())
          .allMatch(
              head -> head.startsWith("CONNECT 127.0.0.1:" + wechat.port() + " HTTP/1.1\r\n"));
      assertThat(proxy.tunnelled()).isNotEmpty().doesNotContain(APP.secret(), code, "/echo/tunnel");
    }
  }

  @Test
  void refusalOfTheProxyIsAFailureAndTheProxyIsNotBypassed() throws IOException {
    try (var proxy = new ConnectProxy("Basic of-somebody-else");
        var egress = service(trust().text() + egress(proxy).text()).start()) {
      assertNothingIsSent(egress);
      assertThat(proxy.heads()).isNotEmpty().noneMatch(head -> head.contains(APP.secret()));
      assertThat(egress.lines()).noneMatch(line -> line.contains("the-password-of-the-proxy"));
    }
  }

  private static void assertNothingIsSent(ServiceProcess service) {
    var code = code();
    service.client().login(code).then().spec(problem("wechat-failed", 502, "login"));
    assertThat(surroundings.wechat().callsWith(code)).isZero();

    var path = "/echo/" + code;
    BackendClient.assertProblem(BackendClient.of(service).get(path), 502, "wechat-failed", -1);
    assertThat(surroundings.wechat().requests(path)).isEmpty();
  }

  private static Recipe egress(ConnectProxy proxy) {
    return Recipe.under(Store.PAGE, EGRESS, "properties")
        .with("egress.host=proxy", "egress.host=127.0.0.1")
        .with("3128", proxy.port());
  }

  private static Recipe trust() {
    return Recipe.under(Store.PAGE, "### For WeChat alone", "properties")
        .with("/etc/tls/ca.pem", certificates.ca());
  }

  private static ServiceProcess.Builder service(Recipe properties) {
    return service(properties.text());
  }

  private static ServiceProcess.Builder service(String properties) {
    try {
      var directory = Files.createTempDirectory(files, "config");
      var file = new Recipe(properties).into(directory, "application.properties");
      return BackendClient.knownTo(surroundings.service())
          .with("WECHAT_BASE_URL", wechat.uri("https").toString())
          .with("SMALLRYE_CONFIG_LOCATIONS", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TcpProxy wechat() {
    try {
      return new TcpProxy(surroundings.wechat().uri().getPort(), Certificates.context(good));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A server on WeChat's port with one version of TLS. It records what it can read and answers
   * nothing.
   */
  private static final class OpensslServer implements AutoCloseable {
    private final Process process;
    private final ProcessOutput output;

    OpensslServer(String version) throws IOException {
      var command =
          List.of(
              Installed.program("openssl").toString(),
              "s_server",
              "-" + version,
              "-accept",
              "127.0.0.1:" + wechat.port(),
              "-cert",
              good.chain().toString(),
              "-key",
              good.key().toString(),
              "-cipher",
              "ALL:@SECLEVEL=0");
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      output = new ProcessOutput(process.getInputStream());
      await().until(() -> received("ACCEPT"));
    }

    boolean received(String text) {
      return output.lines().stream().anyMatch(line -> line.contains(text));
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
