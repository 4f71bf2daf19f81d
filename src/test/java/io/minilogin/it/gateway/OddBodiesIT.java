package io.minilogin.it.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.SharedService;
import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A check needs no body. Some gateways announce the body of their client without sending it, others
 * send it. The service does not wait for the body and does not limit its size.
 */
@ExtendWith(SharedService.class)
class OddBodiesIT {
  private static final int HUNDRED_KILOBYTES = 100 * 1024;

  private final Asker asker;
  private final Question question;

  OddBodiesIT(Shared shared) {
    this.asker = Asker.of(shared);
    this.question = asker.question().withMethod("POST");
  }

  @Test
  void emptyBodyIsAccepted() throws IOException {
    asker.judgedByTheTokenAlone(question.with("Content-Length: 0"));
  }

  @Test
  void emptyChunkedBodyIsAccepted() throws IOException {
    try (var connection = new KeptConnection(asker.service())) {
      connection.send(question.with("Transfer-Encoding: chunked").bytes()).send(chunk(0));
      asker.accepted(connection.answer("POST"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 1", "Content-Length: 10485760", "Transfer-Encoding: chunked"})
  void checkDoesNotWaitForAnAnnouncedBody(String announcement) throws IOException {
    try (var connection = new KeptConnection(asker.service())) {
      var answer = connection.ask(question.with(announcement));
      asker.accepted(answer);
      // The next bytes could be the body or another request.
      assertThat(answer.values("Connection")).containsExactly("close");
      assertThat(connection.ends()).isTrue();
    }
  }

  @Test
  void refusalDoesNotWaitForAnAnnouncedBody() throws IOException {
    try (var connection = new KeptConnection(asker.service())) {
      var answer = connection.ask(question.with("Content-Length: 5").withoutAuthorization());
      Verdicts.tokenMissing(answer);
      assertThat(answer.values("Connection")).containsExactly("close");
      assertThat(connection.ends()).isTrue();
    }
  }

  @Test
  void expectContinueIsAnsweredWithTheVerdict() throws IOException {
    try (var connection = new KeptConnection(asker.service())) {
      var announcement = "Content-Length: " + HUNDRED_KILOBYTES;
      asker.accepted(connection.ask(question.with("Expect: 100-continue", announcement)));
      assertThat(connection.ends()).isTrue();
    }
  }

  @Test
  void bodyIsIgnored() throws IOException {
    try (var connection = new KeptConnection(asker.service())) {
      connection
          .send(question.with("Content-Length: " + HUNDRED_KILOBYTES).bytes())
          .send(new byte[HUNDRED_KILOBYTES]);
      asker.accepted(connection.answer("POST"));
    }
  }

  @Test
  void chunkedBodyIsIgnored() throws IOException {
    try (var connection = new KeptConnection(asker.service())) {
      connection.send(question.with("Transfer-Encoding: chunked").bytes());
      for (var i = 0; i < 25; i++) {
        connection.send(chunk(HUNDRED_KILOBYTES / 25));
      }
      connection.send(chunk(0));
      asker.accepted(connection.answer("POST"));
    }
  }

  /** Returns a chunk. An empty chunk ends the body. */
  private static byte[] chunk(int size) {
    var data = "x".repeat(size);
    return (Integer.toHexString(size) + "\r\n" + data + "\r\n").getBytes(US_ASCII);
  }
}
