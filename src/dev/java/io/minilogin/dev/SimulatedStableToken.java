package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.SimulatedAccessTokens.Grant;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code POST /cgi-bin/stable_token}: returns an app's access token for its secret. */
final class SimulatedStableToken {
  private final SimulatedApps apps;
  private final SimulatedAccessTokens tokens;
  private final SimulatedReplies replies;

  SimulatedStableToken(SimulatedApps apps, SimulatedAccessTokens tokens, SimulatedReplies replies) {
    this.apps = apps;
    this.tokens = tokens;
    this.replies = replies;
  }

  Answer answer(Request request) {
    return replies.toJson(request, this::answer);
  }

  private Answer answer(ObjectNode body) {
    return replies.unless(refusal(body), () -> grant(body));
  }

  private Answer grant(ObjectNode body) {
    var appid = Json.text(body, "appid");
    var grant =
        body.path("force_refresh").booleanValue()
            ? tokens.refresh(appid)
            : Optional.of(tokens.get(appid));
    return grant
        .map(SimulatedStableToken::success)
        .orElseGet(() -> replies.error(45009, SimulatedCode.SILENT));
  }

  private OptionalLong refusal(ObjectNode body) {
    var appid = Json.text(body, "appid");
    var secret = Json.text(body, "secret");
    return Rule.firstBroken(
        List.of(
            new Rule(appid.isEmpty(), 41002),
            new Rule(secret.isEmpty(), 41004),
            new Rule(!Json.text(body, "grant_type").equals("client_credential"), 40002),
            new Rule(!apps.knows(appid), 40013),
            new Rule(!apps.isSecret(appid, secret), 40125)));
  }

  private static Answer success(Grant grant) {
    return Answer.json(
        Json.object().put("access_token", grant.text()).put("expires_in", grant.expiresIn()));
  }
}
