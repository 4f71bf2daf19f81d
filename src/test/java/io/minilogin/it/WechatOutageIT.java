package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.problemForNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * During an outage of WeChat only logins fail, and they fail fast. The service notices the end of
 * the outage.
 */
@Tag("long")
class WechatOutageIT {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  @RegisterExtension private static final Started started = new Started();
  private static Surroundings surroundings;
  private static TcpProxy line;
  private static Client client;
  private static Client clientWithTls;
  private static Client clientWithoutConnection;

  @BeforeAll
  static void start() throws IOException {
    surroundings = started.add(Surroundings.start());
    line = started.add(new TcpProxy(surroundings.wechat().uri().getPort()));
    var services =
        started.addAll(
            service(line.uri("http")),
            service(line.uri("https")),
            service(started.add(new DeafServer()).uri()));
    client = services.get(0).client();
    clientWithTls = services.get(1).client();
    clientWithoutConnection = services.get(2).client();
  }

  @Test
  void refusedConnectionFailsLoginsFastAndTheServiceStaysReady() throws IOException {
    line.close();
    var watch = Stopwatch.start();
    client.login(code()).then().spec(problem("wechat-failed", 502, "login"));
    assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(2));
    client.ready().then().statusCode(200);
    client.live().then().statusCode(200);
    line.reopen();
    client.login(code()).then().statusCode(200);
  }

  @Test
  void failedTlsHandshakeIsAFailureOfWechat() {
    clientWithTls.login(code()).then().spec(problem("wechat-failed", 502, "login"));
  }

  @Test
  void connectTimeoutEndsBeforeTheDeadline() {
    var watch = Stopwatch.start();
    clientWithoutConnection.login(code()).then().spec(problem("wechat-failed", 502, "login"));
    assertThat(watch.elapsed()).isLessThan(DEADLINE);
  }

  @Test
  void circuitBreakerOpensAfterManyFailuresAndClosesAgain() {
    var kept = codeAfterManyFailures();
    client.login(kept).then().spec(problemForNow("wechat-busy", 503, "login"));
    assertThat(surroundings.wechat().callsWith(kept)).isZero();
    client.ready().then().statusCode(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> client.login(code()).statusCode() == 200);
  }

  private static ServiceProcess.Builder service(URI wechat) {
    return surroundings.service().with("WECHAT_BASE_URL", wechat.toString());
  }

  /** Returns the first code with another answer than the codes before it. */
  private static String codeAfterManyFailures() {
    return IntStream.range(0, 200)
        .mapToObj(i -> code("close"))
        .filter(code -> client.login(code).statusCode() != 502)
        .findFirst()
        .orElseThrow();
  }

  /** A server that listens but accepts no connection, because its queue is full. */
  private static final class DeafServer implements AutoCloseable {
    private final ServerSocket server;
    private final ArrayList<Socket> queue = new ArrayList<>();

    DeafServer() throws IOException {
      server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      try {
        while (true) {
          var socket = new Socket();
          queue.add(socket);
          socket.connect(server.getLocalSocketAddress(), 200);
        }
      } catch (IOException e) {
        // The queue is full.
      }
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      for (var socket : queue) {
        socket.close();
      }
      server.close();
    }
  }
}
