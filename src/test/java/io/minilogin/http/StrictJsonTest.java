package io.minilogin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  record Body(String code) {}

  private final ObjectMapper mapper = StrictMapper.create();

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.5", "true", "{}", "[]", "[\"a\"]"})
  void textFieldAcceptsOnlyText(String value) {
    assertThatThrownBy(() -> mapper.readValue("{\"code\":" + value + "}", Body.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":\"a\",\"code\":\"b\"}",
        "{\"code\":\"a\"} {\"code\":\"b\"}",
        "{\"code\":\"a\"}]",
        "{\"code\":\"a\",}",
        "{'code':'a'}",
        "{code:\"a\"}",
        "{\"code\":\"a\" /* comment */}",
        "{\"code\":\"a"
      })
  void ambiguousDocumentIsRejected(String document) {
    assertThatThrownBy(() -> mapper.readValue(document, Body.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void validJsonIsRead() throws JsonProcessingException {
    assertThat(mapper.readValue(" {\"code\" : \"\\u0061\", \"more\": 1}\n", Body.class))
        .isEqualTo(new Body("a"));
  }
}
