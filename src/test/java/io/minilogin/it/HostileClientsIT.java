package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.opentest4j.TestAbortedException;

/** Connections that try to use all memory, while other clients must be served. */
@Tag("long")
class HostileClientsIT {
  private static final Duration STALLED = Duration.ofSeconds(10);
  private static final long MEMORY = 256 << 20;
  private static final int CROWD = 800;

  /** In bytes. Larger than the buffers of a connection. */
  private static final long MAX_SENT = 64 * 1024 * 1024;

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  /**
   * Present if a container can be created. The kernel would kill a service in it that uses too much
   * memory.
   */
  private static final Optional<Container> container = container();

  private static final ServiceProcess service = started.add(configured().start());

  private final List<SocketChannel> hostile = new ArrayList<>();

  private static Optional<Container> container() {
    try {
      return Optional.of(started.add(Container.limitedTo(MEMORY)));
    } catch (TestAbortedException e) {
      return Optional.empty();
    }
  }

  private static ServiceProcess.Builder configured() {
    var builder = BackendClient.knownTo(surroundings.service());
    return container
        .map(it -> builder.command(it.command()))
        .orElseGet(() -> builder.with("JDK_JAVA_OPTIONS", "-XX:MaxDirectMemorySize=48m"));
  }

  /** The first requests to a JVM are slow. */
  @BeforeAll
  static void warmUp() {
    for (int i = 0; i < 50; i++) {
      service.client().login(code());
    }
  }

  @AfterEach
  void noProcessWasKilled() {
    container.ifPresent(it -> assertThat(it.kills()).isZero());
  }

  @AfterEach
  void hangUp() throws IOException {
    for (var each : hostile) {
      each.close();
    }
  }

  @Test
  void clientThatDoesNotReadIsThrottledAndDisconnected() throws IOException {
    var watch = Stopwatch.start();
    var floods = new ArrayList<Flood>();
    for (int i = 0; i < 5; i++) {
      floods.add(new Flood(opened(service.traffic()), "/verify"));
      floods.add(new Flood(opened(management()), "/q/metrics"));
    }
    floods.forEach(Flood::goOn);
    assertOthersAreServed();
    await()
        .atMost(STALLED.multipliedBy(3))
        .until(() -> floods.stream().filter(flood -> !flood.goOn()).count() == floods.size());
    assertThat(watch.elapsed()).isGreaterThan(STALLED.minusSeconds(1));
    assertThat(floods).allMatch(flood -> flood.sent < MAX_SENT);
    assertOthersAreServed();
  }

  @Test
  void memoryOfIncompleteRequestsIsLimited() throws IOException {
    var half = "GET /verify HTTP/1.1\r\nX: " + "a".repeat(12_000);
    for (var target : List.of(service.traffic(), management())) {
      for (int i = 0; i < CROWD; i++) {
        var socket = connected(target);
        hostile.add(socket);
        write(socket, half);
      }
      assertOthersAreServed();
    }
    await()
        .atMost(STALLED.multipliedBy(3))
        .until(() -> hostile.stream().filter(HostileClientsIT::isClosed).count() > 100);
    assertOthersAreServed();
  }

  @Test
  void endlessTokenRequestIsRefusedBeforeItIsRead() throws IOException {
    var head = "POST /wechat/cgi-bin/stable_token HTTP/1.1\r\nHost: x\r\n";
    var chunks =
        head + "Transfer-Encoding: chunked\r\n\r\n" + ("1000\r\n" + "[".repeat(4096) + "\r\n");
    try (var http = new RawHttp(service.traffic())) {
      assertThat(http.send((chunks + "1\r\n[").getBytes(ISO_8859_1)).answer().status())
          .isEqualTo(413);
    }
    for (int i = 0; i < 20; i++) {
      var socket = connected(service.traffic());
      hostile.add(socket);
      write(socket, head + "Content-Length: 4096\r\n\r\n");
    }
    assertThat(backend().standIn(BackendClient.ID, Surroundings.APP.appid())).startsWith("mla_");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderBeforeARefusal() throws IOException {
    var login = new String(RawHttp.login("a"), ISO_8859_1).replace("Connection: close\r\n", "");
    var slow =
        "GET /wechat/echo/slow?simulate=delay:1000 HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: "
            + GatewayClient.basic(BackendClient.ID, BackendClient.SECRET)
            + "\r\n\r\n";
    for (var malformed :
        List.of(
            "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "BAD\r\n\r\n",
            "POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) {
      var answer = RawHttp.exchange(service.traffic(), slow + login.repeat(30) + slow + malformed);
      assertThat(statuses(answer.text()))
          .as(malformed)
          .hasSize(33)
          .startsWith("200")
          .endsWith("200", "400");
    }
  }

  @Test
  void disconnectDuringABodyIsNotLoggedAsAnError() throws IOException {
    var heads =
        List.of(
            "POST /login HTTP/1.1\r\nContent-Type: application/json\r\n",
            "POST /introspect HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Authorization: "
                + GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET)
                + "\r\n",
            "POST /wechat/echo/a HTTP/1.1\r\nAuthorization: "
                + GatewayClient.basic(BackendClient.ID, BackendClient.SECRET)
                + "\r\n");
    for (var head : heads) {
      for (var length :
          List.of("Content-Length: 2000000", "Content-Length: 100", "Transfer-Encoding: chunked")) {
        try (var http = new RawHttp(service.traffic())) {
          http.send((head + "Host: x\r\n" + length + "\r\n\r\n5\r\n{\"a").getBytes(ISO_8859_1));
        }
      }
    }
    assertOthersAreServed();
    assertThat(service.lines()).noneMatch(line -> line.contains("\"level\":\"ERROR\""));
  }

  private static List<String> statuses(String text) {
    return Stream.of(text.split("HTTP/1.[01] ")).skip(1).map(it -> it.substring(0, 3)).toList();
  }

  private static void assertOthersAreServed() {
    service.client().login(code()).then().statusCode(200);
    service.client().live().then().statusCode(200);
  }

  private static BackendClient backend() {
    return BackendClient.of(service);
  }

  private static URI management() {
    return service.client().management();
  }

  private SocketChannel opened(URI target) throws IOException {
    var socket = connected(target);
    hostile.add(socket);
    return socket;
  }

  private static SocketChannel connected(URI target) throws IOException {
    var socket = SocketChannel.open();
    socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    socket.connect(new InetSocketAddress(target.getHost(), target.getPort()));
    socket.configureBlocking(false);
    return socket;
  }

  private static void write(SocketChannel socket, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  /**
   * A client that sends complete requests as long as the socket accepts them, and reads nothing.
   */
  private static final class Flood {
    private final SocketChannel socket;
    private final ByteBuffer requests;
    private long sent;

    Flood(SocketChannel socket, String path) {
      this.socket = socket;
      var request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
      requests = ByteBuffer.wrap(request.repeat(1000).getBytes(ISO_8859_1));
    }

    /**
     * Sends until the socket accepts no more bytes. Returns false once the connection is closed.
     */
    boolean goOn() {
      try {
        for (var last = 1; last > 0 && sent < MAX_SENT; sent += last) {
          if (!requests.hasRemaining()) {
            requests.rewind();
          }
          last = socket.write(requests);
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }

  private static boolean isClosed(SocketChannel socket) {
    try {
      return socket.write(ByteBuffer.wrap(new byte[] {'\r'})) < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
