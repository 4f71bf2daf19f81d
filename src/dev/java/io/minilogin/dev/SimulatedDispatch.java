package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Call;
import io.minilogin.dev.WechatSimulator.Onlooker;
import io.minilogin.dev.WechatSimulator.OutcomeListener;
import io.minilogin.dev.WechatSimulator.Request;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request, records it, and passes it to the implementation of the call. */
final class SimulatedDispatch {
  static final String CODE2SESSION = "/sns/jscode2session";

  static final OutcomeListener NO_LISTENER = (outcome, isFailure, received) -> {};

  private final Arrivals arrivals;
  private final SimulatedCode2Session code2Session;
  private final SimulatedCalls calls;
  private final SimulatedPush push;
  private final ReplyWriter writer;
  private volatile boolean isDown;
  private volatile Onlooker onlooker = Onlooker.NOBODY;

  SimulatedDispatch(
      Arrivals arrivals,
      SimulatedCode2Session code2Session,
      SimulatedCalls calls,
      SimulatedPush push,
      ReplyWriter writer) {
    this.arrivals = arrivals;
    this.code2Session = code2Session;
    this.calls = calls;
    this.push = push;
    this.writer = writer;
  }

  void setDown(boolean isDown) {
    this.isDown = isDown;
  }

  void show(Onlooker onlooker) {
    this.onlooker = onlooker;
  }

  void handle(HttpServerRequest request) {
    try {
      if (isDown && !SimulatedCalls.isForDevelopers(request.path())) {
        onlooker
            .asked(request.method() + " " + request.path(), sent(request, ""))
            .answered("connection closed", true, "");
        request.connection().close();
      } else if (request.path().equals(CODE2SESSION) && request.method().equals(HttpMethod.GET)) {
        code2Session(request);
      } else if (isChunked(request)) {
        arrivals.add(Request.of(request, Query.decode(request.uri()), Buffer.buffer()));
        request.response().setStatusCode(412).end();
      } else {
        otherCall(request);
      }
    } catch (IllegalArgumentException e) {
      request.response().setStatusCode(400).end(e.getMessage());
    }
  }

  // A benchmark calls this thousands of times a second, so it does only what is necessary.
  private void code2Session(HttpServerRequest request) {
    var call = Call.of(request.uri());
    arrivals.addCode2Session(request.uri());
    answer(request, call.code(), "", code2Session.answer(call));
  }

  private void otherCall(HttpServerRequest request) {
    var query = Query.decode(request.uri());
    request
        .body()
        .onSuccess(
            body -> {
              var call = Request.of(request, query, body);
              arrivals.add(call);
              if (call.path().equals(SimulatedPush.PATH)) {
                push.answer(call).onSuccess(answer -> answer(request, "", call.body(), answer));
              } else {
                answer(request, "", call.body(), calls.answer(call));
              }
            });
  }

  private void answer(HttpServerRequest request, String code, String body, Answer answer) {
    var current = onlooker;
    var listener =
        current == Onlooker.NOBODY || isHidden(request.path())
            ? NO_LISTENER
            : current.asked(
                (request.method() + " " + request.path() + " " + code).strip(),
                sent(request, body));
    writer.write(request, answer, listener);
  }

  private static boolean isHidden(String path) {
    return SimulatedCalls.isForDevelopers(path) && !path.equals(SimulatedBackend.EVENTS);
  }

  private static String sent(HttpServerRequest request, String body) {
    return request.method() + " " + request.uri() + "\n\n" + body;
  }

  /** WeChat's front servers refuse a body without Content-Length, and do not read it. */
  private static boolean isChunked(HttpServerRequest request) {
    return request.getHeader("Content-Length") == null
        && (request.method().equals(HttpMethod.POST)
            || request.headers().contains("Transfer-Encoding"))
        && !SimulatedCalls.isForDevelopers(request.path());
  }
}
