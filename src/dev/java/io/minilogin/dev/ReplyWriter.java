package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.OutcomeListener;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/** Sends an answer as the words of its code say: late, broken, or not at all. */
final class ReplyWriter {
  /** Spaces before JSON are valid JSON: a caller without a limit on sizes notices nothing. */
  private static final Buffer SPACES = Buffer.buffer(" ".repeat(64 * 1024));

  private static final int HUGE = 8 * 1024 * 1024 / SPACES.length();

  /** A pattern that can be repeated: the byte at position n is n modulo 251. */
  private static final Buffer CONTENT = content();

  private static final int NONE = 0;
  private static final String PAGE =
      "<html><head><title>%1$d</title></head><body><center><h1>%1$d</h1></center></body></html>\n";

  private final Vertx vertx;

  ReplyWriter(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Sends the answer, and tells the listener immediately before. */
  void write(HttpServerRequest request, Answer answer, OutcomeListener listener) {
    var delay = answer.code().number("delay").orElse(0);
    if (delay > 0) {
      vertx.setTimer(delay, timer -> writeNow(request, answer, listener));
    } else {
      writeNow(request, answer, listener);
    }
  }

  private void writeNow(HttpServerRequest request, Answer answer, OutcomeListener listener) {
    var response = request.response();
    report(answer, listener, response.closed());
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
      answer.headers().forEach(response::putHeader);
      writeBody(request, code, answer.body());
    }
  }

  /** Tells how the answer leaves. A caller that did not wait has closed the connection. */
  private static void report(Answer answer, OutcomeListener listener, boolean isClosed) {
    if (listener == SimulatedDispatch.NO_LISTENER) {
      return;
    }
    var code = answer.code();
    var status = status(code) == NONE ? answer.status() : status(code);
    var errcode =
        Json.parse(answer.body().toString()).map(json -> json.path("errcode").asLong()).orElse(0L);
    if (isClosed || code.says("reset") || code.says("close") || code.says("cut")) {
      listener.answered("connection closed", true, "");
    } else if (code.says("html") || status != 200 || errcode == 0) {
      listener.answered(String.valueOf(status), status != 200, answer.body().toString());
    } else {
      listener.answered("errcode " + errcode, true, answer.body().toString());
    }
  }

  /** Returns a final status: with a 1xx status the caller would go on waiting. */
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
      write(response, SPACES, HUGE, body);
    } else if (code.says("huge")) {
      response.setChunked(true);
      write(response, SPACES, HUGE, body);
    } else if (code.number("bytes").isPresent()) {
      var length = length(code, "bytes");
      response.putHeader("Content-Length", Long.toString(length));
      writeContent(response, length);
    } else if (code.number("chunked").isPresent()) {
      response.setChunked(true);
      writeContent(response, length(code, "chunked"));
    } else {
      response.end(body);
    }
  }

  private static long length(SimulatedCode code, String word) {
    return Math.max(code.number(word).orElse(0), 0);
  }

  private static void writeContent(HttpServerResponse response, long length) {
    response.putHeader("Content-Type", "application/octet-stream");
    var rest = (int) (length % CONTENT.length());
    write(response, CONTENT, length / CONTENT.length(), CONTENT.slice(0, rest));
  }

  /** Waits for a slow caller when the write queue is full, so that memory stays bounded. */
  private static void write(HttpServerResponse response, Buffer piece, long pieces, Buffer end) {
    var left = pieces;
    while (left > 0 && !response.closed() && !response.writeQueueFull()) {
      response.write(piece);
      left--;
    }
    var rest = left;
    if (response.closed()) {
      return; // the caller has closed the connection
    }
    if (rest > 0) {
      response.drainHandler(
          drained -> {
            response.drainHandler(null); // else it could run while the next pieces are written
            write(response, piece, rest, end);
          });
    } else {
      response.end(end);
    }
  }

  private static Buffer content() {
    var bytes = new byte[251 * 256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return Buffer.buffer(bytes);
  }

  // With SO_LINGER 0 the operating system sends RST instead of FIN. Vert.x has no public API for
  // the
  // channel.
  private static void reset(HttpConnection connection) {
    var channel = ((ConnectionBase) connection).channel();
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }
}
