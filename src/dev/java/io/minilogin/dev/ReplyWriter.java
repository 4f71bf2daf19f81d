package io.minilogin.dev;

import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/** Sends an answer the way its code asks for: late, broken, or not at all. */
final class ReplyWriter {
  private static final Buffer SPACES = Buffer.buffer(" ".repeat(64 * 1024));
  private static final int HUGE = 8 * 1024 * 1024 / SPACES.length();
  private static final int NONE = 0;
  private static final String PAGE =
      "<html><head><title>%1$d</title></head><body><center><h1>%1$d</h1></center></body></html>\n";

  private final Vertx vertx;

  ReplyWriter(Vertx vertx) {
    this.vertx = vertx;
  }

  void write(HttpServerRequest request, Answer answer) {
    var delay = answer.code().number("delay").orElse(0);
    if (delay > 0) {
      vertx.setTimer(delay, timer -> writeNow(request, answer));
    } else {
      writeNow(request, answer);
    }
  }

  private void writeNow(HttpServerRequest request, Answer answer) {
    var response = request.response();
    if (response.closed()) {
      return; // the caller did not wait
    }
    var code = answer.code();
    var status = status(code);
    if (code.says("reset")) {
      reset(request.connection());
    } else if (code.says("close")) {
      request.connection().close();
    } else if (code.says("html") || status != NONE) {
      response.setStatusCode(status == NONE ? 200 : status).putHeader("Content-Type", "text/html");
      response.end(PAGE.formatted(response.getStatusCode()));
    } else {
      response.setStatusCode(answer.status()).putHeader("Content-Type", answer.contentType());
      writeBody(request, code, answer.body());
    }
  }

  /** No number that would leave the caller waiting, as 1xx does, or that HTTP does not know. */
  private static int status(SimulatedCode code) {
    var status = code.number("status").orElse(NONE);
    return status >= 200 && status <= 599 ? (int) status : NONE;
  }

  private static void writeBody(HttpServerRequest request, SimulatedCode code, Buffer body) {
    var response = request.response();
    var half = body.slice(0, body.length() / 2);
    if (code.says("empty")) {
      response.end();
    } else if (code.says("truncated")) {
      response.end(half);
    } else if (code.says("cut")) {
      response.putHeader("Content-Length", Integer.toString(body.length()));
      response.write(half).onComplete(sent -> request.connection().close());
    } else if (code.says("huge-declared")) {
      var length = HUGE * SPACES.length() + body.length();
      response.putHeader("Content-Length", Integer.toString(length));
      writeSpaces(response, HUGE).onSuccess(sent -> response.end(body));
    } else if (code.says("huge")) {
      response.setChunked(true);
      writeSpaces(response, HUGE).onSuccess(sent -> response.end(body));
    } else {
      response.end(body);
    }
  }

  /**
   * Spaces in front of JSON are valid JSON, so that a caller that sets no limit notices nothing.
   * Each piece waits for the one before it, lest a slow caller fill our memory instead of its own.
   */
  private static Future<Void> writeSpaces(HttpServerResponse response, int pieces) {
    return pieces == 0
        ? Future.succeededFuture()
        : response.write(SPACES).compose(sent -> writeSpaces(response, pieces - 1));
  }

  // Without lingering, the operating system ends the connection with RST instead of FIN. Vert.x has
  // no public way to the channel.
  private static void reset(HttpConnection connection) {
    var channel = ((ConnectionBase) connection).channel();
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }
}
