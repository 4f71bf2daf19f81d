package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import java.time.Clock;

/**
 * {@code POST /cgi-bin/openapi/quota/get} and {@code POST /cgi-bin/openapi/rid/get}: the remaining
 * quota of a call, and the details of a past call.
 */
final class SimulatedCallsAboutCalls {
  private static final long DAILY_LIMIT = 10_000_000;
  private static final String SESSION_KEY = "c2ltdWxhdGVkc2Vzc2lvbg==";

  private final Arrivals arrivals;
  private final SimulatedApps apps;
  private final SimulatedAccessTokens tokens;
  private final Clock clock;
  private final SimulatedReplies replies;

  SimulatedCallsAboutCalls(
      Arrivals arrivals,
      SimulatedApps apps,
      SimulatedAccessTokens tokens,
      Clock clock,
      SimulatedReplies replies) {
    this.arrivals = arrivals;
    this.apps = apps;
    this.tokens = tokens;
    this.clock = clock;
    this.replies = replies;
  }

  Answer quota(String appid, Request request) {
    return replies.toJson(
        request,
        body -> {
          var path = Json.text(body, "cgi_path");
          return path.isEmpty() ? invalidArgs() : Answer.json(quota(arrivals.count(path)));
        });
  }

  Answer rid(String appid, Request request) {
    return replies.toJson(
        request,
        body -> Json.text(body, "rid").isEmpty() ? invalidArgs() : Answer.json(call(appid)));
  }

  private Answer invalidArgs() {
    return replies.error(40097, SimulatedCode.SILENT);
  }

  private static ObjectNode quota(long used) {
    var reply = Json.ok();
    reply
        .putObject("quota")
        .put("daily_limit", DAILY_LIMIT)
        .put("used", used)
        .put("remain", DAILY_LIMIT - used);
    reply.putObject("rate_limit").put("call_count", 1000).put("refresh_second", 60);
    return reply;
  }

  /** Returns, for any rid, a call with all that WeChat shows there: the secret, and tokens. */
  private ObjectNode call(String appid) {
    var secret = apps.secret(appid);
    var token = tokens.current(appid).orElseThrow().text();
    var sent = Json.object().put("appid", appid).put("secret", secret);
    var received =
        Json.object()
            .put("access_token", token)
            .put("session_key", SESSION_KEY)
            .put("expires_in", 7200);
    var reply = Json.ok();
    reply
        .putObject("request")
        .put("invoke_time", clock.instant().getEpochSecond())
        .put("cost_in_ms", 30)
        .put(
            "request_url",
            "access_token=%1$s&secret=%2$s&appid=%3$s".formatted(token, secret, appid))
        .put("request_body", sent.toString())
        .put("response_body", received.toString())
        .put("client_ip", "127.0.0.1");
    return reply;
  }
}
