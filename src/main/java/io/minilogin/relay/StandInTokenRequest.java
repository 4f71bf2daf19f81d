package io.minilogin.relay;

import static io.minilogin.relay.ApiErrors.problem;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.problem.ProblemType;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for a stand-in token, with empty strings for missing fields.
 *
 * @param secrets the possible readings of the secret: raw and decoded
 */
record StandInTokenRequest(String grantType, String appid, List<String> secrets) {
  private static final String GRANT_TYPE = "client_credential";

  /** The request body of stable_token. Other fields are ignored. */
  @RegisterForReflection
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Json(
      @JsonProperty("grant_type") @Nullable String grantType,
      @Nullable String appid,
      @Nullable String secret) {
    @Override
    public String toString() {
      return "Json";
    }
  }

  /**
   * Reads the query of getAccessToken. A parameter that occurs more than once counts as missing.
   */
  static StandInTokenRequest of(ApiTarget target) {
    // Some SDKs do not encode the secret.
    return new StandInTokenRequest(
        target.onlyValue("grant_type").orElse(""),
        target.onlyValue("appid").orElse(""),
        target
            .onlyValue("secret")
            .map(decoded -> List.of(target.rawParameter("secret"), decoded))
            .orElse(List.of("")));
  }

  /** Reads the body of stable_token. */
  static StandInTokenRequest of(Buffer body, ObjectMapper mapper) {
    try {
      // The literal null is read as null.
      var read =
          Objects.requireNonNullElse(
              mapper.readValue(body.getBytes(), Json.class), new Json(null, null, null));
      return new StandInTokenRequest(
          text(read.grantType), text(read.appid), List.of(text(read.secret)));
    } catch (IOException e) {
      throw problem(
          ProblemType.INVALID_REQUEST, "The body is not the JSON that WeChat expects here.", 47001);
    }
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  /** Throws a problem if a field is missing or the grant type is not WeChat's. */
  void requireComplete() {
    if (!grantType.equals(GRANT_TYPE)) {
      throw problem(ProblemType.INVALID_REQUEST, "grant_type must be " + GRANT_TYPE + ".", 40002);
    }
    if (appid.isEmpty()) {
      throw problem(ProblemType.INVALID_REQUEST, "appid is missing.", 41002);
    }
    if (secrets.get(0).isEmpty()) {
      throw problem(ProblemType.INVALID_REQUEST, "secret is missing.", 41004);
    }
  }

  @Override
  public String toString() {
    return "StandInTokenRequest";
  }
}
