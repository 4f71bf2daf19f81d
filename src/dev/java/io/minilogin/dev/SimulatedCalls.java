package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Request;
import io.vertx.core.http.HttpMethod;
import java.util.Map;

/** All that can be asked for besides code2Session. */
final class SimulatedCalls {
  /** Whatever is below is no call of WeChat's. */
  static final String FOR_DEVELOPERS = "/simulator/";

  private interface Call {
    Answer answer(Request request);
  }

  private record Endpoint(HttpMethod method, Call call) {}

  private final Map<String, Endpoint> endpoints;
  private final SimulatedReplies replies;

  SimulatedCalls(SimulatedReplies replies, SimulatedStableToken stableToken) {
    this.replies = replies;
    this.endpoints =
        Map.of("/cgi-bin/stable_token", new Endpoint(HttpMethod.POST, stableToken::answer));
  }

  Answer answer(HttpMethod method, Request request) {
    var endpoint = endpoints.get(request.path());
    if (endpoint == null) {
      return Answer.empty(404);
    }
    if (endpoint.method() != method) {
      var errcode = endpoint.method() == HttpMethod.GET ? 43001 : 43002;
      return replies.error(errcode, SimulatedCode.SILENT);
    }
    return endpoint.call().answer(request);
  }
}
