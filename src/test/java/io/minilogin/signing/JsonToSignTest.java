package io.minilogin.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.PaymentKeys;
import io.minilogin.app.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonToSignTest {
  private static final Secret LIVE = new Secret("live");
  private static final Secret SANDBOX = new Secret("sandbox");
  private static final PaymentKeys BOTH = new PaymentKeys(Optional.of(LIVE), Optional.of(SANDBOX));

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "null", "[]", "\"\"", "1", "{", "{} {}", "{}x", "{'a':1}", "{a:1}"})
  void onlyOneJsonObjectIsAccepted(String text) {
    assertThat(JsonToSign.parse(text.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void deepAndLongJsonIsHarmless() {
    assertThat(parse("{\"a\":" + "[".repeat(500) + "]".repeat(500) + ",\"env\":1}").keyOf(BOTH))
        .contains(SANDBOX);
    assertThat(JsonToSign.parse(("{\"a\":" + "[".repeat(500_000)).getBytes(UTF_8))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2", "-1", "-0", "00", "0.0", "1e0", "\"1\"", "true", "null", "[1]", "{}"})
  void otherEnvHasNoKey(String env) {
    var json = JsonToSign.parse(("{\"env\":" + env + "}").getBytes(UTF_8));
    assertThat(json.filter(JsonToSign::hasKnownEnv)).isEmpty();
    assertThat(json.flatMap(it -> it.keyOf(BOTH))).isEmpty();
  }

  @Test
  void envChoosesTheKey() {
    assertThat(parse("{}").keyOf(BOTH)).contains(LIVE);
    assertThat(parse("{\"env\":0}").keyOf(BOTH)).contains(LIVE);
    assertThat(parse("{\"env\":1}").keyOf(BOTH)).contains(SANDBOX);
    assertThat(parse("{\"env\":1}").keyOf(new PaymentKeys(Optional.of(LIVE), Optional.empty())))
        .isEmpty();
  }

  @Test
  void repeatedFieldsAreAmbiguous() {
    assertThat(parse("{\"env\":0,\"env\":0}")).doesNotMatch(JsonToSign::hasKnownEnv);
    assertThat(parse("{\"openid\":\"o\",\"openid\":\"o\"}").openid()).isEmpty();
    assertThat(parse("{\"openid\":\"o\",\"x\":{\"openid\":\"p\"}}").openid()).contains("o");
  }

  private static JsonToSign parse(String text) {
    return JsonToSign.parse(text.getBytes(UTF_8)).orElseThrow();
  }
}
