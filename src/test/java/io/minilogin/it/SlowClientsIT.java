package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.it.RawHttp.Answer;
import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A request must arrive with its headers within 10 s, and its body within another 10 s. Pauses
 * between requests are left to the idle timeout.
 */
@ExtendWith(SharedService.class)
class SlowClientsIT {
  private static final ScheduledExecutorService CLIENTS = Executors.newScheduledThreadPool(32);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final String LOGIN =
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  private static final String CALL = call("/echo/slow", BackendClient.ID, BackendClient.SECRET);
  private static final String SIGNED_CALL =
      call("/xpay/query_user_balance", GatewayClient.SIGNING_ID, GatewayClient.SECRET);

  private static URI service;
  private static String token;
  private static List<CompletableFuture<Refusal>> halfRequests;
  private static List<CompletableFuture<Refusal>> halfCalls;
  private static List<CompletableFuture<Refusal>> tricklingBytes;
  private static List<CompletableFuture<Refusal>> pipelinedHalfRequests;
  private static CompletableFuture<Refusal> answeredBeforeBody;
  private static CompletableFuture<Answer> afterPause;

  /** An answer, with the time until the answer and the end of the connection had arrived. */
  private record Refusal(Answer answer, Duration after) {}

  /** Runs all clients concurrently, so that the test takes no longer than a single client. */
  @BeforeAll
  static void start(Shared shared) {
    service = shared.service().traffic();
    token = shared.client().tokenFor(code());
    halfRequests =
        Stream.of(
                "G",
                "GET /verify HTTP/1.1",
                "GET /session HTTP/1.1\r\nHost: x\r\n",
                LOGIN + "Content-Length: 20\r\n\r\n",
                LOGIN + "Content-Length: 20\r\n\r\n{\"code\":",
                LOGIN + "Transfer-Encoding: chunked\r\n\r\n",
                LOGIN + "Transfer-Encoding: chunked\r\n\r\n14\r\n{\"code\":")
            .map(half -> later(() -> refusal(half)))
            .toList();
    halfCalls =
        Stream.of(
                CALL + "Content-Length: 20\r\n\r\n{",
                CALL + "Transfer-Encoding: chunked\r\n\r\n14\r\n{",
                CALL + "Content-Length: 2000000\r\n\r\n" + "x".repeat(1_500_000),
                SIGNED_CALL + "Content-Length: 20\r\n\r\n{")
            .map(half -> later(() -> refusal(half)))
            .toList();
    tricklingBytes =
        Stream.of(
                "GET /verify HTTP/1.1\r\nX: ",
                LOGIN + "Content-Length: 1000\r\n\r\n",
                CALL + "Content-Length: 2000000\r\n\r\n")
            .map(start -> later(() -> trickle(start)))
            .toList();
    var whole = "GET /verify HTTP/1.1\r\nHost: x\r\n\r\n";
    var login = "{\"code\":\"" + code() + "\"}";
    var wholeWithBody = LOGIN + "Content-Length: " + login.length() + "\r\n\r\n" + login;
    pipelinedHalfRequests =
        Stream.concat(
                Stream.of(later(SlowClientsIT::pipelinedHalfRequest)),
                Stream.of(
                        whole + "G",
                        whole + "GET /verify HTTP/1.1\r\n",
                        whole + "GET /verify HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(5000),
                        whole + whole + "\r\nGET /verify HTTP/1.1\r\nHo",
                        whole + LOGIN + "Content-Length: 20\r\n\r\n{",
                        wholeWithBody + "POST /login HTTP/1.1\r\n")
                    .map(requests -> later(() -> refusal(requests))))
            .toList();
    answeredBeforeBody =
        later(
            () ->
                refusal(
                    "POST /session/key/check HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"));
    afterPause = later(SlowClientsIT::requestAfterPause);
  }

  @AfterAll
  static void stop() {
    CLIENTS.shutdownNow();
  }

  @Test
  void incompleteRequestTimesOutAndItsConnectionIsClosed() {
    assertThat(halfRequests).extracting(CompletableFuture::join).allSatisfy(this::assertTimedOut);
  }

  @Test
  void incompleteCallOfWechatsApiTimesOutAsAnErrorOfWechat(Shared shared) {
    assertThat(halfCalls)
        .extracting(CompletableFuture::join)
        .allSatisfy(this::assertTimedOut)
        .allSatisfy(refusal -> assertThat(refusal.answer().body()).contains("\"errcode\":-1"));
    await()
        .untilAsserted(
            () ->
                assertThat(shared.service().lines())
                    .filteredOn(line -> line.contains("\"outcome\":\"request-timeout\""))
                    .hasSizeGreaterThanOrEqualTo(halfCalls.size()));
  }

  @Test
  void incompletePipelinedRequestTimesOut() {
    assertThat(pipelinedHalfRequests)
        .extracting(CompletableFuture::join)
        .allSatisfy(
            refusal -> {
              assertThat(refusal.answer().status()).isIn(200, 401);
              assertThat(refusal.answer().text()).contains("HTTP/1.1 408 Request Timeout");
              assertThat(refusal.after())
                  .isBetween(DEADLINE.minusSeconds(1), DEADLINE.plusSeconds(5));
            });
  }

  @Test
  void tricklingBytesDoNotExtendTheDeadline() {
    assertThat(tricklingBytes).extracting(CompletableFuture::join).allSatisfy(this::assertTimedOut);
  }

  @Test
  void requestAnsweredBeforeItsBodyOnlyLosesItsConnection() {
    assertThat(answeredBeforeBody.join().answer().status()).isEqualTo(401);
    assertThat(answeredBeforeBody.join().after()).isLessThan(DEADLINE.plusSeconds(5));
  }

  @Test
  void keptConnectionMayBeIdleLonger() {
    assertThat(afterPause.join().status()).isEqualTo(200);
  }

  @Test
  void requestInPiecesIsServed() throws IOException {
    var request = new String(RawHttp.login(code()), ISO_8859_1);
    try (var http = new RawHttp(service)) {
      for (int i = 0; i < 10; i++) {
        var piece = request.substring(request.length() * i / 10, request.length() * (i + 1) / 10);
        after(Duration.ofMillis(100), () -> send(http, piece)).join();
      }
      assertThat(http.answer().status()).isEqualTo(200);
    }
  }

  private void assertTimedOut(Refusal refusal) {
    assertThat(refusal.answer().status()).isEqualTo(408);
    assertThat(refusal.answer().body()).contains("urn:mini-login:problem:request-timeout");
    assertThat(refusal.after()).isBetween(DEADLINE.minusSeconds(1), DEADLINE.plusSeconds(5));
  }

  /**
   * Sends two requests with a pause. The answer to a check has no body, so the next answer follows
   * its headers.
   */
  private static Answer requestAfterPause() throws IOException {
    var request = "GET /verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    try (var http = new RawHttp(service)) {
      // An empty line between two requests is not the start of a request (RFC 9112, section 2.2).
      assertThat(send(http, request + "\r\n").head().status()).isEqualTo(200);
      return after(DEADLINE.plusSeconds(2), () -> send(http, request).head()).join();
    }
  }

  /** Sends a request in two segments. The second segment also contains half of another request. */
  private static Refusal pipelinedHalfRequest() throws IOException {
    var watch = Stopwatch.start();
    try (var http = new RawHttp(service)) {
      send(http, "GET /verify HTTP/1.1\r\nHo");
      var rest = "st: x\r\n\r\nGET /verify HTTP/1.1\r\nHost: x\r\n";
      after(Duration.ofMillis(100), () -> send(http, rest)).join();
      return new Refusal(http.answer(), watch.elapsed());
    }
  }

  private static String call(String path, String id, String secret) {
    return "POST /wechat%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n"
        .formatted(path, GatewayClient.basic(id, secret));
  }

  private static Refusal refusal(String half) throws IOException {
    var watch = Stopwatch.start();
    try (var http = new RawHttp(service)) {
      var answer = http.send(half.getBytes(ISO_8859_1)).answer();
      return new Refusal(answer, watch.elapsed());
    }
  }

  /** Sends the start of a request, and then single bytes until the service answers. */
  private static Refusal trickle(String start) throws IOException {
    var watch = Stopwatch.start();
    try (var http = new RawHttp(service)) {
      http.send(start.getBytes(ISO_8859_1));
      var bytes =
          CLIENTS.scheduleAtFixedRate(() -> send(http, "x"), 900, 900, TimeUnit.MILLISECONDS);
      try {
        return new Refusal(http.answer(), watch.elapsed());
      } finally {
        bytes.cancel(true);
      }
    }
  }

  private static RawHttp send(RawHttp http, String text) {
    try {
      return http.send(text.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Call<T> {
    T make() throws IOException;
  }

  private static <T> CompletableFuture<T> later(Call<T> call) {
    return after(Duration.ZERO, call);
  }

  private static <T> CompletableFuture<T> after(Duration time, Call<T> call) {
    var made = new CompletableFuture<T>();
    CLIENTS.schedule(
        () -> {
          try {
            made.complete(call.make());
          } catch (IOException | RuntimeException e) {
            made.completeExceptionally(e);
          }
        },
        time.toMillis(),
        TimeUnit.MILLISECONDS);
    return made;
  }
}
