package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.dev.WechatSimulator.App;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Calls a simulated WeChat as a mini program's service does. */
final class WechatCaller {
  static final App SHOP = new App("wx1111111111111111", "shop-secret");
  static final App GAME = new App("wx2222222222222222", "game-secret");
  static final String STABLE_TOKEN = "/cgi-bin/stable_token";
  static final String PHONE_NUMBER = "/wxa/business/getuserphonenumber";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final WechatSimulator wechat;

  WechatCaller(WechatSimulator wechat) {
    this.wechat = wechat;
  }

  /**
   * @param query names and values by turns
   */
  static String target(String path, String... query) {
    var target = new StringBuilder(path);
    for (int i = 0; i < query.length; i += 2) {
      target.append(i == 0 ? '?' : '&').append(query[i]).append('=');
      target.append(URLEncoder.encode(query[i + 1], UTF_8));
    }
    return target.toString();
  }

  HttpResponse<String> get(String target) throws Exception {
    return send("GET", target, BodyPublishers.noBody());
  }

  HttpResponse<String> post(String target, String body) throws Exception {
    return send("POST", target, BodyPublishers.ofString(body));
  }

  HttpResponse<String> postChunked(String target, String body) throws Exception {
    return send("POST", target, chunked(body));
  }

  static BodyPublisher chunked(String body) {
    var bytes = body.getBytes(UTF_8);
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
  }

  /**
   * @param headers names and values by turns
   */
  HttpResponse<String> send(String method, String target, BodyPublisher body, String... headers)
      throws Exception {
    return send(method, target, body, BodyHandlers.ofString(UTF_8), headers);
  }

  <T> HttpResponse<T> send(
      String method, String target, BodyPublisher body, BodyHandler<T> as, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(wechat.uri().resolve(target))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), as);
  }

  /** Logs in and returns the session key. */
  String login(App app, String code) throws Exception {
    var target =
        target(
            "/sns/jscode2session",
            "appid",
            app.appid(),
            "secret",
            app.secret(),
            "js_code",
            code,
            "grant_type",
            "authorization_code");
    return json(get(target)).get("session_key").textValue();
  }

  /** Calls stable_token and returns the reply. */
  JsonNode stableToken(App app, boolean force) throws Exception {
    var body =
        """
        {"grant_type":"client_credential","appid":"%s","secret":"%s","force_refresh":%s}"""
            .formatted(app.appid(), app.secret(), force);
    return json(post(STABLE_TOKEN, body));
  }

  String accessToken(App app) throws Exception {
    return stableToken(app, false).get("access_token").textValue();
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  static long errcode(JsonNode reply) {
    return reply.get("errcode").longValue();
  }

  static long errcode(HttpResponse<String> response) throws IOException {
    return errcode(json(response));
  }

  static Set<String> names(JsonNode object) {
    var names = new HashSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static String contentType(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElseThrow();
  }
}
