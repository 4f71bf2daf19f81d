package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import com.sun.net.httpserver.HttpServer;
import io.minilogin.RedisAndWechat;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.async.SettableClock;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.observe.Outcomes;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.minilogin.wechat.WechatOutcome.Success;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class WechatGatewayTest {
  private static final String STABLE_TOKEN = "/cgi-bin/stable_token";
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Inject WechatGateway gateway;
  @Inject WechatApps apps;
  @Inject @RestClient WechatApi api;
  @Inject WechatTelemetry watch;
  @Inject CallLimits limits;
  @Inject Outcomes outcomes;
  @Inject CircuitBreakerMaintenance circuitBreakers;
  @Inject WechatCalls calls;
  WechatSimulator wechat;

  private final SettableClock clock = new SettableClock();

  @BeforeEach
  @AfterEach
  void closeTheCircuit() {
    circuitBreakers.resetAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.9S", "PT4.001S", "PT5S"})
  void loginTimeoutOutOfRangeIsRejected(Duration timeout) {
    assertThatThrownBy(
            () ->
                new WechatCalls(
                    new ScriptedApi((appid, secret, code) -> null), () -> timeout, limits))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("wechat.login-timeout must be between 1S and 4S");
  }

  // Answers

  /** Sends the reply over HTTP, because the client has a separate mapper for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"openid\":\"o0\",\"openid\":\"o1\",\"session_key\":\"k1==\"}",
        "{\"openid\":\"o1\",\"session_key\":\"k1==\",\"unionid\":7,\"new\":[{}]} {}"
      })
  void oddReplyWithAUserIsASuccess(String reply) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, reply.length());
          exchange.getResponseBody().write(reply.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      var odd = client(server.getAddress().getPort());
      assertThat(calling(odd::code2Session).exchange(app(), "code").await().atMost(LONG))
          .isInstanceOf(Success.class);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "close", "cut"})
  void brokenConnectionIsAFailureAndTheCodeIsNotSentAgain(String word) {
    // The first exchange makes the connection a used one.
    assertThat(exchange(code("wilma"))).isInstanceOf(Success.class);
    var code = code("wilma." + word);
    assertThat(exchange(code)).isEqualTo(Refused.of(Refusal.FAILED));
    assertThat(wechat.callsWith(code)).isEqualTo(1);
    assertThat(exchange(code("wilma"))).isInstanceOf(Success.class);
  }

  // Refused connections

  @Test
  void refusedConnectionIsRetriedOnce() throws IOException {
    var attempts = new AtomicInteger();
    var refused = refusedConnection();
    var code = code("wilma");
    var flaky =
        calling(
            (appid, secret, js) ->
                (attempts.incrementAndGet() == 1 ? refused : api).code2Session(appid, secret, js));
    assertThat(flaky.exchange(app(), code).await().atMost(LONG)).isInstanceOf(Success.class);
    assertThat(attempts).hasValue(2);
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void connectionRefusedTwiceIsAFailure() throws IOException {
    var attempts = new AtomicInteger();
    var refused = refusedConnection();
    var down =
        calling(
            (appid, secret, js) -> {
              attempts.incrementAndGet();
              return refused.code2Session(appid, secret, js);
            });
    assertThat(down.exchange(app(), code("wilma")).await().atMost(LONG))
        .isEqualTo(Refused.of(Refusal.UNREACHABLE));
    assertThat(attempts).hasValue(2);
  }

  @Test
  void otherFailuresAreNotRetried() {
    var attempts = new AtomicInteger();
    var broken =
        calling(
            (appid, secret, js) ->
                Uni.createFrom()
                    .failure(
                        () -> {
                          attempts.incrementAndGet();
                          return new IOException("Connection reset by peer");
                        }));
    assertThat(broken.exchange(app(), code("wilma")).await().atMost(LONG))
        .isEqualTo(Refused.of(Refusal.FAILED));
    assertThat(attempts).hasValue(1);
  }

  // The circuit breaker

  @Test
  void circuitBreakerOpensAfterManyFailures() {
    for (int i = 0; i < 40; i++) {
      exchange(code("wilma.status=500"));
    }
    var code = code("wilma");
    assertThat(exchange(code)).isEqualTo(Refused.of(Refusal.CIRCUIT_OPEN));
    assertThat(wechat.callsWith(code)).isZero();
  }

  @Test
  void refusalsDoNotOpenTheCircuitBreaker() {
    for (int i = 0; i < 40; i++) {
      exchange(code("wilma.errcode=-1"));
    }
    assertThat(exchange(code("wilma"))).isInstanceOf(Success.class);
  }

  @Test
  void callsAboveTheLimitFailAndDoNotOpenTheCircuitBreaker() {
    var reply = new CompletableFuture<Code2SessionReply>();
    var slow = calling((appid, secret, js) -> Uni.createFrom().completionStage(reply));
    var most = CallLimits.OWN_CALLS.get(WechatCalls.CODE2_SESSION);
    var running =
        IntStream.rangeClosed(0, most)
            .mapToObj(i -> slow.exchange(app(), "code").subscribeAsCompletionStage())
            .toList();
    for (int i = 0; i < 40; i++) {
      assertThat(exchange(code("wilma"))).isEqualTo(Refused.of(Refusal.TOO_MANY_CALLS));
    }
    reply.complete(new Code2SessionReply("o1", null, "k1==", null, null));
    assertThat(running).allSatisfy(call -> assertThat(call.join()).isInstanceOf(Success.class));
    assertThat(exchange(code("wilma"))).isInstanceOf(Success.class);
  }

  // The pause after a refusal of the access token

  @Test
  void refusalThatNeedsAnOperatorPausesCalls() {
    var before = wechat.requests(STABLE_TOKEN).size();
    wechat.provoke(STABLE_TOKEN, "errcode=40164");
    try {
      var instance = gateway(calls);
      var first = accessToken(instance);
      for (int i = 0; i < 30; i++) {
        assertThat(accessToken(instance)).isEqualTo(first);
      }
      assertThat(wechat.requests(STABLE_TOKEN)).hasSize(before + 1);

      clock.advance(Duration.ofSeconds(30));
      wechat.provoke(STABLE_TOKEN, "");
      assertThat(accessToken(instance)).isInstanceOf(Success.class);
    } finally {
      wechat.provoke(STABLE_TOKEN, "");
    }
  }

  private WechatOutcome<IssuedAccessToken> accessToken(WechatGateway instance) {
    return instance.accessToken(app(), false).await().atMost(LONG);
  }

  private WechatOutcome<WechatUser> exchange(String code) {
    return gateway.exchange(app(), code).await().atMost(LONG);
  }

  private WechatApp app() {
    return apps.find(RedisAndWechat.APPID).orElseThrow();
  }

  private static String code(String words) {
    return words + ".gateway" + COUNT.incrementAndGet();
  }

  private WechatGateway calling(ScriptedApi.Exchange exchange) {
    return gateway(new WechatCalls(new ScriptedApi(exchange), () -> Duration.ofSeconds(3), limits));
  }

  /** Creates a gateway with separate pauses, which do not affect other tests. */
  private WechatGateway gateway(WechatCalls calling) {
    return new WechatGateway(calling, watch, outcomes, new TokenPause(clock));
  }

  /** Creates a client for a port that is no longer open. */
  private static WechatApi refusedConnection() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return client(socket.getLocalPort());
    }
  }

  private static WechatApi client(int port) {
    return QuarkusRestClientBuilder.newBuilder()
        .baseUri(URI.create("http://127.0.0.1:" + port))
        .build(WechatApi.class);
  }
}
