package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backends that send or read nothing do not fill the memory. Their calls end at the deadline. */
@Tag("long")
class ApiBuffersIT {
  private static final int CALLERS = 40;

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  /** The heap is much smaller than the data that the callers request or announce. */
  private static final ServiceProcess service =
      started.add(
          BackendClient.knownTo(surroundings.service())
              .with("WECHAT_API_TIMEOUT", "4S")
              .with("JDK_JAVA_OPTIONS", "-Xmx96m")
              .start());

  private final BackendClient backend = BackendClient.of(service);
  private final String path = "/echo/" + UUID.randomUUID();
  private final List<RawHttp> callers = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (var caller : callers) {
      caller.close();
    }
  }

  @Test
  void unreadRepliesAreNotBuffered() throws IOException {
    var before = lines("\"outcome\":\"request-timeout\"");
    call("GET /wechat" + path + "?simulate=bytes:60000000", "", "");
    await().until(() -> surroundings.wechat().requests(path).size() == CALLERS);
    assertOthersAreServed();
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> lines("\"outcome\":\"request-timeout\"") >= before + CALLERS);
    assertOthersAreServed();
  }

  @Test
  void incompleteBodiesUseOnlyTheMemoryOfTheReceivedBytes() throws IOException {
    call("POST /wechat" + path, "Content-Length: 9000000\r\n", "x".repeat(500_000));
    call("POST /wechat" + path, "Content-Length: 1000000\r\n", "x".repeat(500_000));
    assertOthersAreServed();
    for (var caller : callers) {
      assertThat(caller.answer().status()).isEqualTo(408);
    }
    assertOthersAreServed();
  }

  private void call(String line, String headers, String body) throws IOException {
    for (int i = 0; i < CALLERS; i++) {
      var caller = new RawHttp(service.traffic());
      callers.add(caller);
      caller.send(
          (line
                  + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                  + GatewayClient.basic(BackendClient.ID, BackendClient.SECRET)
                  + "\r\n"
                  + headers
                  + "\r\n"
                  + body)
              .getBytes(ISO_8859_1));
    }
  }

  private void assertOthersAreServed() {
    assertThat(backend.get("/echo/others").statusCode()).isEqualTo(200);
    service.client().login(Codes.code()).then().statusCode(200);
  }

  private static long lines(String part) {
    return service.lines().stream().filter(line -> line.contains(part)).count();
  }
}
