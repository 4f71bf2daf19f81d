package io.minilogin.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProblemJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void problemHasTheMembersOfRfc9457AndExtensions() throws Exception {
    var problem =
        Problem.of(ProblemType.CODE_INVALID, "The code is wrong.")
            .fromWechat(OptionalInt.of(40029), Optional.of("64ae2697-4841f7ca-038035c2"));
    var body = ProblemJson.of(problem, Optional.of("4bf92f35"), Optional.of("r-1"));
    assertThat(MAPPER.readTree(body))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"type": "urn:mini-login:problem:code-invalid",
                 "title": "WeChat does not know the code",
                 "status": 400,
                 "detail": "The code is wrong.",
                 "errcode": 40029,
                 "rid": "64ae2697-4841f7ca-038035c2",
                 "action": "login",
                 "trace_id": "4bf92f35",
                 "request_id": "r-1"}
                """));
  }

  @Test
  void absentMembersAreOmitted() throws Exception {
    var problem = Problem.of(ProblemType.TOKEN_INVALID, "No session has this token.");
    assertThat(json(problem).fieldNames())
        .toIterable()
        .containsExactly("type", "title", "status", "detail", "action");
  }

  @Test
  void retryAfterIsNotAMember() throws Exception {
    var problem = Problem.of(ProblemType.STORE_UNAVAILABLE, "").retryAfter(Duration.ofSeconds(2));
    assertThat(json(problem).fieldNames())
        .toIterable()
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("retry"));
  }

  @Test
  void untilIsInUnixSeconds() throws Exception {
    var end = Optional.of(Instant.ofEpochMilli(1_795_355_547_999L));
    var problem = Problem.of(ProblemType.USER_BLOCKED, "").until(end);
    assertThat(json(problem).path("until").asLong()).isEqualTo(1_795_355_547L);
  }

  @Test
  void oauthErrorIsAMember() throws Exception {
    var problem = Problem.of(ProblemType.INVALID_REQUEST, "").oauthError("invalid_request");
    assertThat(json(problem).path("error").asText()).isEqualTo("invalid_request");
  }

  private static JsonNode json(Problem problem) throws JsonProcessingException {
    return MAPPER.readTree(ProblemJson.of(problem, Optional.empty(), Optional.empty()));
  }
}
