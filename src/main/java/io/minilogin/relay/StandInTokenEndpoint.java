package io.minilogin.relay;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.async.Deadlines;
import io.minilogin.clients.Clients;
import io.minilogin.connection.WholeBody;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Optional;

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
  /** Size limit of a body in bytes. Requests are not authenticated yet when it is read. */
  private static final int LARGEST = 4 * 1024;

  private final Clients clients;
  private final ApiAuthentication authentication;
  private final StandInTokens tokens;
  private final ObjectMapper json;
  private final ApiJournal journal;

  StandInTokenEndpoint(
      Clients clients,
      ApiAuthentication authentication,
      StandInTokens tokens,
      ObjectMapper json,
      ApiJournal journal) {
    this.clients = clients;
    this.authentication = authentication;
    this.tokens = tokens;
    this.json = json;
    this.journal = journal;
  }

  static boolean isMeant(ApiTarget target) {
    return target.is(ApiPath.TOKEN) || target.is(ApiPath.STABLE_TOKEN);
  }

  Uni<Void> answer(HttpServerRequest request, ApiTarget target) {
    return read(request, target)
        .map(read -> token(read, target))
        .invoke(token -> sendToken(request.response(), token))
        .replaceWithVoid();
  }

  private Uni<StandInTokenRequest> read(HttpServerRequest request, ApiTarget target) {
    if (target.is(ApiPath.TOKEN)) {
      require(request, HttpMethod.GET, 43001);
      return Uni.createFrom().item(StandInTokenRequest.of(target));
    }
    require(request, HttpMethod.POST, 43002);
    var end = new CallEnd(request, Deadlines.REQUEST_PART, () -> !request.isEnded());
    return end.limits(WholeBody.read(request, LARGEST))
        .map(read -> StandInTokenRequest.of(read, json))
        .onTermination()
        .invoke(end::isOver);
  }

  private String token(StandInTokenRequest request, ApiTarget target) {
    request.requireComplete();
    var shown =
        clients
            .byIdAndSecret(request.secrets())
            .orElseThrow(
                () ->
                    ApiErrors.problem(
                        ProblemType.CLIENT_UNAUTHORIZED,
                        "secret must be a client's id and secret, separated by a colon.",
                        40125));
    var app = authentication.app(request.appid());
    var caller = new ApiCaller(shown.client(), app, Optional.empty());
    try {
      caller.requireStandInTokens();
    } catch (ProblemException e) {
      journal.begin(caller, target).hasFailed(e);
      throw e;
    }
    return tokens.issue(shown.proof(), app.appid());
  }

  private static void sendToken(HttpServerResponse response, String token) {
    end(
        response,
        JsonObject.of("access_token", token, "expires_in", StandInTokens.LIFETIME.toSeconds()));
  }

  /** Rejects a stand-in token with the errcode that makes an SDK request a new token. */
  static void refuseToken(HttpServerResponse response) {
    end(
        response,
        JsonObject.of(
            "errcode",
            40001,
            "errmsg",
            "invalid credential, access_token is not a stand-in token of a client"));
  }

  private static void end(HttpServerResponse response, JsonObject answer) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(answer.encode());
  }

  private static void require(HttpServerRequest request, HttpMethod method, int errcode) {
    if (!request.method().equals(method)) {
      request.response().putHeader(HttpHeaders.ALLOW, method.name());
      throw ApiErrors.problem(
          ProblemType.METHOD_NOT_ALLOWED, "Allowed here: " + method.name() + ".", errcode);
    }
  }
}
