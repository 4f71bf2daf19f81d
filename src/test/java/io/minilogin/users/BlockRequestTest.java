package io.minilogin.users;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.http.StrictMapper;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockRequestTest {
  private static final ObjectMapper MAPPER = StrictMapper.create();
  private static final BlockRequest ENDLESS = new BlockRequest(Optional.empty(), Optional.empty());

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", " {} ", "{\"seconds\":null,\"reason\":null}"})
  void requestWithoutSecondsBlocksWithoutEnd(String body) throws IOException {
    assertThat(read(body)).isEqualTo(ENDLESS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 315_360_000})
  void secondsAreTheLengthOfTheBlock(int seconds) throws IOException {
    assertThat(read("{\"seconds\":" + seconds + "}").time()).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "315360001",
        "4294967297",
        "1e3",
        "1.0",
        "60.5",
        "\"60\"",
        "true",
        "[60]",
        "{}"
      })
  void otherSecondsAreRefusedByName(String seconds) {
    assertRefused("{\"seconds\":" + seconds + "}", "\"seconds\"");
  }

  @Test
  void reasonHasUpTo200Characters() throws IOException {
    var longest = "🧨".repeat(200);
    assertThat(read("{\"reason\":\"" + longest + "\"}").reason()).contains(longest);
    assertThat(read("{\"reason\":\"\"}").reason()).contains("");
    assertRefused("{\"reason\":\"" + longest + "x\"}", "\"reason\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "[]", "{}", "\"\\ud83d\"", "\"\\ude00\\ud83d\""})
  void otherReasonsAreRefusedByName(String reason) {
    assertRefused("{\"reason\":" + reason + "}", "\"reason\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"second\":60}", "{\"Seconds\":60}", "{\"seconds\":60,\"until\":1}", "{\"\":1}"})
  void unknownFieldsAreRefused(String body) {
    assertRefused(body, "\"seconds\" and \"reason\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "null", "[]", "60", "\"seconds\"", "true"})
  void bodyThatIsNotAnObjectIsRefused(String body) {
    assertRefused(body, "object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"seconds\":60}{}",
        "{\"seconds\":60,\"seconds\":60}",
        "seconds=60",
        "{} x"
      })
  void bodyThatIsNotJsonIsRefused(String body) {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(body));
  }

  private static BlockRequest read(String body) throws IOException {
    return BlockRequest.read(MAPPER, body.getBytes(UTF_8));
  }

  private static void assertRefused(String body, String detail) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> read(body))
        .satisfies(e -> assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST))
        .withMessageContaining(detail);
  }
}
