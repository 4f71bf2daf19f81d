package io.minilogin.it;

import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that is not a valid login is refused with a problem and never reaches WeChat. */
@ExtendWith(SharedService.class)
class BadBodyIT {
  private static final int SIXTEEN_KB = 16 * 1024;

  private final Shared shared;
  private final Client client;

  /**
   * Replaces CODE in the bodies below, so that the calls to WeChat can be searched for the code.
   */
  private final String code = Codes.code();

  BadBodyIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"code\":\"CODE\"",
        "{\"code\":}",
        "{\"code\":CODE}",
        "{'code':'CODE'}",
        "{\"code\":\"CODE\",}",
        "{\"code\":\"CODE\"} x",
        "{\"code\":\"CODE\"}{\"code\":\"CODE\"}",
        "{\"code\":\"CODE\"} // comment",
        "{\"code\":\"CODE\",\"code\":\"CODE\"}",
        "{\"code\":\"CODE\",\"code\":\"other\"}",
        "{\"code\":\"CODE\",\"appid\":\"wx1\",\"appid\":\"wx1111111111111111\"}",
        "{\"code\":\"CODE\",\"x\":1,\"x\":2}",
        "{\"code\":\"CODE\n\"}",
        "{\"code\":\"CODE\\x\"}",
        "{\"code\":\"CODE\\u00\"}",
        "code=CODE",
        "[]",
        "[\"CODE\"]",
        "[{\"code\":\"CODE\"}]",
        "\"CODE\"",
        "null",
        "true",
        "1",
        "1.5",
        "NaN",
        "",
        "   ",
        "<xml><code>CODE</code></xml>"
      })
  void bodyThatIsNotASingleJsonObjectIsRefused(String body) {
    refused(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"code\":null}",
        "{\"code\":\"\"}",
        "{\"code\":\"   \"}",
        "{\"code\":\"\\u3000\"}",
        "{\"Code\":\"CODE\"}",
        "{\"code\":1}",
        "{\"code\":1.5}",
        "{\"code\":true}",
        "{\"code\":[\"CODE\"]}",
        "{\"code\":[]}",
        "{\"code\":{}}",
        "{\"code\":{\"code\":\"CODE\"}}",
        "{\"code\":\"CODE\\u0000\"}",
        "{\"code\":\"CODE\\n\"}",
        "{\"code\":\"CODE\\u007f\"}",
        "{\"code\":\"CODE\\u0085\"}",
        "{\"code\":\"CODE\\ud83d\"}",
        "{\"code\":\"CODE\\ude00\\ud83d\"}"
      })
  void unusableCodeIsRefusedByName(String body) {
    refused(body).body("detail", containsString("\"code\""));
  }

  @Test
  void codeOfMoreThan256CharactersIsRefusedByName() {
    var tooLong = "x".repeat(257 - code.length());
    refused("{\"code\":\"CODE" + tooLong + "\"}").body("detail", containsString("\"code\""));
  }

  @ParameterizedTest
  @CsvSource({"[,]", "{\"a\":,}"})
  void deeplyNestedJsonIsRefused(String open, String close) {
    refused("{\"code\":\"CODE\",\"x\":" + open.repeat(2500) + "1" + close.repeat(2500) + "}");
  }

  @Test
  void numberWithManyDigitsIsHarmless() {
    harmless(client.postLogin("{\"x\":1" + "0".repeat(10_000) + "}"))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u00ff", "\u00c3", "\u00ed\u00a0\u0080", "\u00f8\u0088\u0080\u0080\u0080"})
  void invalidUtf8IsRefused(String bytes) throws IOException {
    var body = ("{\"code\":\"" + code + bytes + "\"}").getBytes(ISO_8859_1);
    var answer = harmless(RawHttp.exchange(shared.service().traffic(), RawHttp.post(body)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("urn:mini-login:problem:invalid-request");
    assertThatWechatHasNotSeenTheCode();
  }

  @ParameterizedTest
  @ValueSource(ints = {SIXTEEN_KB + 1, 1024 * 1024})
  void bodyOfMoreThan16KilobytesIsTooLarge(int size) {
    harmless(client.postLogin(bodyOf(size))).then().spec(problem("content-too-large", 413, "none"));
    assertThatWechatHasNotSeenTheCode();
  }

  @ParameterizedTest
  @ValueSource(ints = {SIXTEEN_KB + 1, 1024 * 1024})
  void bodyOfMoreThan16KilobytesWithoutALengthIsTooLarge(int size) throws Exception {
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var body = bodyOf(size).getBytes(ISO_8859_1);
    var request =
        HttpRequest.newBuilder(URI.create(client.traffic() + "/login"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("urn:mini-login:problem:content-too-large");
    assertThatWechatHasNotSeenTheCode();
  }

  @Test
  void bodyOf16KilobytesIsReadAndItsUnknownFieldsAreIgnored() {
    client.postLogin(bodyOf(SIXTEEN_KB)).then().statusCode(200);
  }

  private String bodyOf(int size) {
    var start = "{\"code\":\"" + code + "." + UUID.randomUUID() + "\",\"x\":\"";
    return start + "x".repeat(size - start.length() - 2) + "\"}";
  }

  private ValidatableResponse refused(String body) {
    var answer = client.postLogin(body.replace("CODE", code));
    assertThatWechatHasNotSeenTheCode();
    assertThat(answer.asString()).doesNotContain(code);
    return harmless(answer).then().spec(problem("invalid-request", 400, "none"));
  }

  private void assertThatWechatHasNotSeenTheCode() {
    assertThat(shared.wechat().calls()).noneMatch(call -> call.code().contains(code));
  }
}
