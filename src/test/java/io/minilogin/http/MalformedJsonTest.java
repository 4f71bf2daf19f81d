package io.minilogin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedJsonTest {
  record Body(String code, Inner inner, List<Inner> list) {}

  record Inner(int count) {}

  private final ObjectMapper mapper =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  @Test
  void fieldOfTheWrongTypeIsNamed() {
    assertThat(described("{\"code\":{\"a\":1}}"))
        .isEqualTo("The field \"code\" has the wrong type.");
  }

  @Test
  void nestedFieldIsNamedByItsPath() {
    assertThat(described("{\"inner\":{\"count\":\"many\"}}"))
        .isEqualTo("The field \"inner.count\" has the wrong type.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"code\"", "1", "{} {}"})
  void bodyThatIsNotOneObjectIsReported(String body) {
    assertThat(described(body)).isEqualTo("The body must be one JSON object.");
  }

  @Test
  void syntaxErrorIsLocated() {
    assertThat(described("{\n  \"code\": nonsense }"))
        .matches("The body is not valid JSON: see line 2, column \\d+\\.");
  }

  @Test
  void duplicatedFieldIsLocated() {
    assertThat(described("{\"code\":\"a\",\"code\":\"b\"}"))
        .startsWith("The body is not valid JSON: see line 1, column ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\": s3cret-code }",
        "{\"code\": {\"s3cret-code\": 1}}",
        "{\"inner\": {\"count\": \"s3cret-code\"}}",
        "{\"code\":\"s3cret-code\",\"code\":\"s3cret-code\"}",
        "{\"code\":\"s3cret-code",
        "\"s3cret-code\"",
        "s3cret-code"
      })
  void bodyAndClassNamesAreNotQuoted(String body) {
    assertThat(described(body)).doesNotContain("s3cret").doesNotContain("io.minilogin");
  }

  @Test
  void otherCausesGetAGeneralAnswer() {
    assertThat(MalformedJson.describe(null)).isEqualTo("The body is not valid JSON.");
    assertThat(MalformedJson.describe(new IllegalStateException("s3cret")))
        .isEqualTo("The body is not valid JSON.");
  }

  private String described(String body) {
    return MalformedJson.describe(catchThrowable(() -> mapper.readValue(body, Body.class)));
  }
}
