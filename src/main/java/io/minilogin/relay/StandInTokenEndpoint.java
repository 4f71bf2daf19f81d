package io.minilogin.relay;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.async.Deadlines;
import io.minilogin.clients.Client;
import io.minilogin.clients.Clients;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.ApiRequest.Body;
import io.minilogin.wechat.ApiRequest.Kept;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Issues stand-in tokens at the paths where WeChat issues access tokens, with the same requests and
 * responses. An SDK needs only another address and another secret: {@code <client id>:<client
 * secret>}. The requests do not reach WeChat.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getAccessToken.html">getAccessToken</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html">getStableAccessToken</a>
 */
@Singleton
class StandInTokenEndpoint {
  private static final String GRANT_TYPE = "client_credential";

  /** Size limit of a body in bytes. Requests are not authenticated yet when it is read. */
  private static final int LARGEST = 4 * 1024;

  private final Clients clients;
  private final WechatApps apps;
  private final StandInTokens tokens;
  private final ObjectMapper json;
  private final ApiJournal journal;
  private final UnknownApps unknown;

  StandInTokenEndpoint(
      Clients clients,
      WechatApps apps,
      StandInTokens tokens,
      ObjectMapper json,
      ApiJournal journal,
      UnknownApps unknown) {
    this.clients = clients;
    this.apps = apps;
    this.tokens = tokens;
    this.json = json;
    this.journal = journal;
    this.unknown = unknown;
  }

  /**
   * A request for a token, with empty strings for missing fields.
   *
   * @param secrets the possible readings of the secret: raw and decoded
   */
  private record Question(String grantType, String appid, List<String> secrets) {
    @Override
    public String toString() {
      return "Question";
    }
  }

  /** The request body of stable_token. Other fields are ignored. */
  @RegisterForReflection
  @JsonIgnoreProperties(ignoreUnknown = true)
  record StableToken(
      @JsonProperty("grant_type") @Nullable String grantType,
      @Nullable String appid,
      @Nullable String secret) {
    @Override
    public String toString() {
      return "StableToken";
    }
  }

  static boolean isMeant(ApiTarget target) {
    return target.is(ApiTarget.TOKEN) || target.is(ApiTarget.STABLE_TOKEN);
  }

  Uni<Void> answer(HttpServerRequest request, ApiTarget target) {
    return question(request, target)
        .map(question -> token(question, target))
        .invoke(token -> sendToken(request.response(), token))
        .replaceWithVoid();
  }

  private Uni<Question> question(HttpServerRequest request, ApiTarget target) {
    if (target.is(ApiTarget.TOKEN)) {
      require(request, HttpMethod.GET, 43001);
      // Some SDKs do not encode the secret.
      var secret = parameter(target, "secret");
      return Uni.createFrom()
          .item(
              new Question(
                  ApiTarget.decoded(parameter(target, "grant_type")),
                  ApiTarget.decoded(parameter(target, "appid")),
                  List.of(secret, ApiTarget.decoded(secret))));
    }
    require(request, HttpMethod.POST, 43002);
    var body = new CallerBody(request, LARGEST);
    var end = new CallEnd(request, Deadlines.REQUEST_PART, body::isReading);
    return end.limits(body.read()).map(this::question).onTermination().invoke(end::isOver);
  }

  private Question question(Body body) {
    try {
      var read = json.readValue(((Kept) body).bytes().getBytes(), StableToken.class);
      return new Question(text(read.grantType), text(read.appid), List.of(text(read.secret)));
    } catch (IOException e) {
      throw ApiRoute.problem(
          ProblemType.INVALID_REQUEST, "The body is not the JSON that WeChat expects here.", 47001);
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private String token(Question question, ApiTarget target) {
    if (!question.grantType.equals(GRANT_TYPE)) {
      throw ApiRoute.problem(
          ProblemType.INVALID_REQUEST, "grant_type must be " + GRANT_TYPE + ".", 40002);
    }
    if (question.appid.isEmpty()) {
      throw ApiRoute.problem(ProblemType.INVALID_REQUEST, "appid is missing.", 41002);
    }
    if (question.secrets.get(0).isEmpty()) {
      throw ApiRoute.problem(ProblemType.INVALID_REQUEST, "secret is missing.", 41004);
    }
    var shown =
        clients
            .byIdAndSecret(question.secrets)
            .orElseThrow(
                () ->
                    ApiRoute.problem(
                        ProblemType.CLIENT_UNAUTHORIZED,
                        "secret must be a client's id and secret, separated by a colon.",
                        40125));
    var app =
        apps.find(question.appid)
            .orElseThrow(() -> ApiRoute.refusal(unknown.named(question.appid), 40013));
    try {
      requirePermission(shown.client(), app);
    } catch (ProblemException e) {
      journal.begin(shown.client(), app, target).hasFailed(e);
      throw e;
    }
    return tokens.issue(shown.proof(), app.appid());
  }

  private static void requirePermission(Client client, WechatApp app) {
    ApiRoute.requireApp(client, app.appid());
    if (client.paths().isEmpty()) {
      throw ApiRoute.forbidden("The client's setting \"may\" lists no path of WeChat's API.");
    }
  }

  private static void sendToken(HttpServerResponse response, String token) {
    end(
        response,
        new JsonObject()
            .put("access_token", token)
            .put("expires_in", StandInTokens.LIFETIME.toSeconds()));
  }

  /** Rejects a stand-in token with the errcode that makes an SDK request a new token. */
  static void refuseToken(HttpServerResponse response) {
    end(
        response,
        new JsonObject()
            .put("errcode", 40001)
            .put("errmsg", "invalid credential, access_token is not a stand-in token of a client"));
  }

  private static void end(HttpServerResponse response, JsonObject answer) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(answer.encode());
  }

  /** Returns the raw value of a query parameter, or an empty string. */
  private static String parameter(ApiTarget target, String name) {
    return Stream.of(target.query().split("&"))
        .filter(parameter -> parameter.startsWith(name + "="))
        .map(parameter -> parameter.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  private static void require(HttpServerRequest request, HttpMethod method, int errcode) {
    if (!request.method().equals(method)) {
      request.response().putHeader(HttpHeaders.ALLOW, method.name());
      throw ApiRoute.problem(
          ProblemType.METHOD_NOT_ALLOWED, "Allowed here: " + method.name() + ".", errcode);
    }
  }
}
