package io.minilogin.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The members of {@code application/problem+json} that this service sends. Absent members are
 * omitted.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ProblemBody(
    String type,
    String title,
    int status,
    String detail,
    OptionalInt errcode,
    Optional<String> errmsg,
    Optional<String> rid,
    Optional<String> error,
    String action,
    @JsonProperty("trace_id") Optional<String> traceId,
    @JsonProperty("request_id") Optional<String> requestId) {

  static ProblemBody of(Problem problem, Optional<String> traceId, Optional<String> requestId) {
    var type = problem.type();
    return new ProblemBody(
        type.urn(),
        type.title(),
        type.status(),
        problem.detail(),
        problem.errcode(),
        problem.errmsg(),
        problem.rid(),
        problem.oauthError(),
        problem.action().text(),
        traceId,
        requestId);
  }
}
