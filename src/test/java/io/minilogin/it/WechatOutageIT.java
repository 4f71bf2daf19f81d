package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.problemForNow;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.dev.WechatSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** While WeChat is away logins fail fast, nothing else does, and its return is noticed. */
class WechatOutageIT {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  @Test
  void whileNothingListensLoginsFailAtOnceAndTheServiceStaysReady() {
    try (var surroundings = Surroundings.start()) {
      var address = surroundings.wechat().uri();
      surroundings.wechat().close();
      try (var service =
          surroundings.service().with("WECHAT_BASE_URL", address.toString()).start()) {
        var watch = Stopwatch.start();
        service.client().login(code()).then().spec(problem("wechat-failed", 502, "login"));
        assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(2));
        service.client().ready().then().statusCode(200);
        service.client().live().then().statusCode(200);
        try (var back = WechatSimulator.start(Clock.systemUTC(), address.getPort(), APP)) {
          service.client().login(code()).then().statusCode(200);
        }
      }
    }
  }

  @Test
  void aCertificateThatIsNoneIsAFailure() {
    try (var surroundings = Surroundings.start()) {
      var plain = surroundings.wechat().uri().toString();
      var tls = plain.replace("http:", "https:");
      try (var service = surroundings.service().with("WECHAT_BASE_URL", tls).start()) {
        service.client().login(code()).then().spec(problem("wechat-failed", 502, "login"));
      }
    }
  }

  @Test
  void aWechatThatAcceptsNoConnectionIsGivenUpBeforeTheDeadline() throws IOException {
    try (var surroundings = Surroundings.start();
        var deaf = new DeafServer();
        var service =
            surroundings.service().with("WECHAT_BASE_URL", deaf.uri().toString()).start()) {
      var watch = Stopwatch.start();
      service.client().login(code()).then().spec(problem("wechat-failed", 502, "login"));
      assertThat(watch.elapsed()).isLessThan(DEADLINE);
    }
  }

  @Test
  void afterManyFailuresWechatIsLeftAloneAndThenTriedAgain() {
    try (var surroundings = Surroundings.start();
        var service = surroundings.service().start()) {
      var kept = codeAfterManyFailures(service);
      service.client().login(kept).then().spec(problemForNow("wechat-busy", 503, "login"));
      assertThat(surroundings.wechat().callsWith(kept)).isZero();
      service.client().ready().then().statusCode(200);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> service.client().login(code()).statusCode() == 200);
    }
  }

  /** The first code that is not answered as those before it. */
  private static String codeAfterManyFailures(ServiceProcess service) {
    return IntStream.range(0, 200)
        .mapToObj(i -> code("close"))
        .filter(code -> service.client().login(code).statusCode() != 502)
        .findFirst()
        .orElseThrow();
  }

  /** Listens, but its queue is full: no connection gets through. */
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
