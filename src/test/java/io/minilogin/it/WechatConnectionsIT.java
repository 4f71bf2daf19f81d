package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A code that is sent on a connection while WeChat closes it is lost. Therefore the service closes
 * idle connections to WeChat before WeChat does.
 */
@Tag("long")
@Execution(CONCURRENT)
class WechatConnectionsIT {
  private static final int CROWD = 10;

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  @ParameterizedTest
  @CsvSource({"3, 1", "6, 3", "20, 10"})
  void idleConnectionIsClosedBeforeTheTimeoutOfTheServer(int announced, int kept) throws Exception {
    try (var wechat = new Wechat("Keep-Alive: timeout=" + announced + ", max=100\r\n", announced);
        var service = service(wechat).start()) {
      // On a busy machine, this test sees the answer late. The idle time starts at the answer.
      var fromBefore = Stopwatch.start();
      logIn(service);
      var fromAfter = Stopwatch.start();
      assertThat(wechat.connections).hasValueGreaterThan(0);
      await()
          .atMost(Duration.ofSeconds(announced + 5))
          .until(() -> wechat.endedByService.get() == wechat.connections.get());
      assertThat(wechat.endedByServer).hasValue(0);
      assertThat(fromBefore.elapsed())
          .isGreaterThanOrEqualTo(Duration.ofMillis(kept * 1000L - 300));
      assertThat(fromAfter.elapsed()).isLessThanOrEqualTo(Duration.ofSeconds(announced));
      logIn(service);
    }
  }

  @Test
  void connectionWithAShortKeepAliveIsNotReused() throws Exception {
    try (var wechat = new Wechat("Keep-Alive: timeout=1\r\n", 60);
        var service = service(wechat).start()) {
      logIn(service);
      await().until(() -> wechat.endedByService.get() == wechat.connections.get());
      logIn(service);
    }
  }

  @Test
  void connectionWithoutKeepAliveHeaderIsKeptForTheConfiguredTime() throws Exception {
    try (var wechat = new Wechat("", 60);
        var service =
            service(wechat).with("QUARKUS_REST_CLIENT_WECHAT_CONNECTION_TTL", "2000").start()) {
      var fromBefore = Stopwatch.start();
      logIn(service);
      var fromAfter = Stopwatch.start();
      await().until(() -> wechat.endedByService.get() == wechat.connections.get());
      assertThat(fromBefore.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(1700));
      assertThat(fromAfter.elapsed()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
  }

  private static ServiceProcess.Builder service(Wechat wechat) {
    return surroundings.service().with("WECHAT_BASE_URL", "http://127.0.0.1:" + wechat.port());
  }

  private static void logIn(ServiceProcess service) {
    var answers = Crowd.send(IntStream.range(0, CROWD).mapToObj(i -> Crowd.login(service, code())));
    assertThat(Crowd.kinds(answers)).containsOnlyKeys("200");
  }

  /** Answers logins, and closes connections after so many idle seconds. */
  private static final class Wechat implements AutoCloseable {
    private static final String REPLY =
        "{\"openid\":\"oTQT5UPkQIGDBIU-06hTo4LRIHVc\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}";

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger endedByService = new AtomicInteger();
    private final AtomicInteger endedByServer = new AtomicInteger();
    private final ServerSocket server = new ServerSocket(0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String header;
    private final int idleSeconds;

    Wechat(String header, int idleSeconds) throws IOException {
      this.header = header;
      this.idleSeconds = idleSeconds;
      threads.execute(this::accept);
    }

    int port() {
      return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      server.close();
      threads.shutdownNow();
    }

    private void accept() {
      try {
        while (true) {
          var socket = server.accept();
          connections.incrementAndGet();
          threads.execute(() -> serve(socket));
        }
      } catch (IOException e) {
        // The server is closed.
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        socket.setSoTimeout(idleSeconds * 1000);
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
          if (line.isEmpty()) {
            var head = "HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + REPLY.length();
            socket.getOutputStream().write((head + "\r\n\r\n" + REPLY).getBytes(US_ASCII));
          }
        }
        endedByService.incrementAndGet();
      } catch (SocketTimeoutException e) {
        endedByServer.incrementAndGet();
      } catch (IOException e) {
        endedByService.incrementAndGet();
      }
    }
  }
}
