package io.minilogin.problem;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Writes a problem as {@code application/problem+json}. */
public final class ProblemJson {
  private ProblemJson() {}

  /** Returns the JSON object. Absent members are omitted. */
  public static String of(Problem problem, Optional<String> traceId, Optional<String> requestId) {
    var type = problem.type();
    var json =
        new JsonObject()
            .put("type", type.urn())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", problem.detail());
    problem.errcode().ifPresent(code -> json.put("errcode", code));
    problem.errmsg().ifPresent(text -> json.put("errmsg", text));
    problem.rid().ifPresent(id -> json.put("rid", id));
    problem.until().ifPresent(end -> json.put("until", end.getEpochSecond()));
    problem.oauthError().ifPresent(error -> json.put("error", error));
    json.put("action", problem.action().text());
    traceId.ifPresent(id -> json.put("trace_id", id));
    requestId.ifPresent(id -> json.put("request_id", id));
    return json.encode();
  }
}
