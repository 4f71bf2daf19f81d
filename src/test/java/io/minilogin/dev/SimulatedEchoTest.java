package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.target;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedEchoTest {
  private static final String PATH = "/wxa/some%2Fcall";
  private static final int TWENTY_MILLION = 20_000_000;

  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(SHOP);
  private final WechatCaller caller = new WechatCaller(wechat);

  // The echo

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void anyMethodIsEchoed(String method) throws Exception {
    var response = send(method, "", BodyPublishers.ofString("a"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(response.headers().allValues("Wechatmp-Signature")).containsExactly("simulated");
    var reply = json(response);
    assertThat(errcode(reply)).isZero();
    assertThat(reply.get("method").textValue()).isEqualTo(method);
    assertThat(reply.get("body").textValue()).isEqualTo("a");
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    var response = send("HEAD", "", BodyPublishers.noBody());
    assertThat(response.headers().firstValue("Wechatmp-Signature")).hasValue("simulated");
    assertThat(response.body()).isEmpty();
    var large = send("HEAD", "&simulate=bytes:20000000", BodyPublishers.noBody());
    assertThat(large.headers().firstValueAsLong("Content-Length")).hasValue(TWENTY_MILLION);
    assertThat(large.body()).isEmpty();
    assertThat(errcode(send("GET", "", BodyPublishers.noBody()))).isZero();
  }

  @Test
  void pathAndQueryAreEchoedWithoutDecoding() throws Exception {
    var reply = json(send("GET", "&a=%26+%E5%B0%8F&a", BodyPublishers.noBody()));
    assertThat(reply.get("path").textValue()).isEqualTo(PATH);
    assertThat(reply.get("query").textValue())
        .isEqualTo("access_token=" + wechat.accessTokenOf(SHOP.appid()) + "&a=%26+%E5%B0%8F&a");
  }

  @Test
  void headersAreEchoedWithLowerCaseNamesAndAllValues() throws Exception {
    var body = BodyPublishers.noBody();
    var reply = json(send("GET", "", body, "X-One", "1", "x-ONE", "2", "X-Two", ""));
    assertThat(reply.at("/headers/x-one").toString()).isEqualTo("[\"1\",\"2\"]");
    assertThat(reply.at("/headers/x-two").toString()).isEqualTo("[\"\"]");
    assertThat(reply.at("/headers/host/0").textValue()).startsWith("127.0.0.1:");
  }

  @Test
  void shortTextIsEchoed() throws Exception {
    assertThat(bodyOf("小明".getBytes(UTF_8)).textValue()).isEqualTo("小明");
    assertThat(bodyOf(new byte[0]).textValue()).isEmpty();
    assertThat(bodyOf("a".repeat(4096).getBytes(UTF_8)).textValue()).hasSize(4096);
  }

  @Test
  void onlyLengthAndHashOfOtherBodiesAreEchoed() throws Exception {
    assertThat(bodyOf("a".repeat(4097).getBytes(UTF_8)).isMissingNode()).isTrue();
    assertThat(bodyOf(new byte[] {(byte) 0xff, 0}).isMissingNode()).isTrue();
    assertThat(bodyOf(new byte[10_000_000]).isMissingNode()).isTrue();
  }

  private JsonNode bodyOf(byte[] bytes) throws Exception {
    var reply = json(send("POST", "", BodyPublishers.ofByteArray(bytes)));
    assertThat(reply.get("length").intValue()).isEqualTo(bytes.length);
    assertThat(reply.get("sha256").textValue()).isEqualTo(Sha256.hex(bytes));
    return reply.path("body");
  }

  // Errors

  @Test
  void provokedErrcodeReplacesTheEcho() throws Exception {
    wechat.provoke(PATH, "errcode=40001.count=1");
    assertThat(errcode(send("GET", "", BodyPublishers.noBody()))).isEqualTo(40001);
    assertThat(errcode(send("GET", "", BodyPublishers.noBody()))).isZero();
  }

  // Answers that the query chooses

  @Test
  void sizeOfAnAnswerCanBeChosen() throws Exception {
    var response = large("&simulate=bytes:20000000");
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(TWENTY_MILLION);
    assertThat(contentType(response)).isEqualTo("application/octet-stream");
    assertThat(response.headers().firstValue("Wechatmp-Signature")).hasValue("simulated");
    assertContent(response.body());
  }

  @Test
  void sizedAnswerCanLackAContentLength() throws Exception {
    var response = large("&simulate=chunked:20000000");
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    assertThat(response.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
    assertThat(contentType(response)).isEqualTo("application/octet-stream");
    assertContent(response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes:0", "chunked:0", "bytes:-1", "chunked:-1"})
  void answerCanBeEmpty(String words) throws Exception {
    assertThat(large("&simulate=" + words).body()).isEmpty();
  }

  @Test
  void queryAcceptsTheWordsOfACode() throws Exception {
    var response = large("&simulate=status:503.delay:1");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Wechatmp-Signature")).isEmpty();
  }

  @Test
  void callerCanDisconnectWithinAnAnswer() throws Exception {
    var target =
        target(PATH, "access_token", caller.accessToken(SHOP), "simulate", "bytes:999999999");
    var body = BodyPublishers.noBody();
    try (var stream = caller.send("GET", target, body, BodyHandlers.ofInputStream()).body()) {
      assertThat(stream.readNBytes(1_000_000)).hasSize(1_000_000);
    }
    assertThat(errcode(send("GET", "", BodyPublishers.noBody()))).isZero();
  }

  private HttpResponse<byte[]> large(String query) throws Exception {
    return caller.send(
        "GET", withToken(query), BodyPublishers.noBody(), BodyHandlers.ofByteArray());
  }

  private static void assertContent(byte[] bytes) {
    var expected = new byte[TWENTY_MILLION];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (i % 251);
    }
    assertThat(Sha256.hex(bytes)).isEqualTo(Sha256.hex(expected));
  }

  private HttpResponse<String> send(
      String method, String query, BodyPublisher body, String... headers) throws Exception {
    return caller.send(method, withToken(query), body, headers);
  }

  private String withToken(String query) throws Exception {
    return target(PATH, "access_token", caller.accessToken(SHOP)) + query;
  }
}
