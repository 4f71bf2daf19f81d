package io.minilogin.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldRedactorTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'request_url':'access_token=SECRET&lang=zh'}",
        "{'request_url':'appid=wx1&secret=SECRET&grant_type=client_credential'}",
        "{'request_url':'component_access_token=SECRET'}",
        "{'request_url':'lang=zh\\u0026access_token=SECRET\\u0026a=b'}",
        "{'request_url':'openid=o&signature=SECRET&sig_method=hmac_sha256'}",
        "{'request_url':'pay_sig=SECRET'}",
        "{'request_body':'{\\'secret\\':\\'SECRET\\'}'}",
        "{'request_body':'{\\'secret\\' : \\'SECRET\\'}'}",
        "{'response_body':'{\\'access_token\\':\\'SECRET\\',\\'expires_in\\':7200}'}",
        "{'response_body':'{\\'session_key\\':\\'/SECRET\\',\\'openid\\':\\'o\\'}'}",
        "{'response_body':'{\\'session_key\\':\\'x\\\\/SECRET==\\'}'}",
        "{'response_body':'{\\'encrypt_key\\':\\'SECRET\\'}'}",
        "{'response_body':'{\\\\\\'session_key\\\\\\':\\\\\\'SECRET\\\\\\'}'}",
        "{'access_token':'SECRET'}",
        "{'Session_Key' : 'SECRET'}",
        "{'request_url':'js_code=SECRET'}",
        "{'request_url':'a=b\\u0026access\\u005ftoken\\u003dSECRET'}",
        "{'request_body':'{\\u0022secret\\u0022:\\u0022SECRET\\u0022}'}",
        "{'request_body':'{\\n  \\'secret\\':\\n\\'SECRET\\'}'}",
        "{'request_url':'https%3A%2F%2Fx%2Ftoken%3Fappid%3Dwx1%26secret%3DSECRET%26lang%3Dzh'}",
        "{'request_url':'u=https%253a%252f%252fx%253faccess%255ftoken%253dSECRET&lang=zh'}",
        "{'request_url':'access%5Ftoken=SECRET'}",
        "{'request_body':'%7B%22secret%22%3A%22SECRET%22%7D'}",
      })
  void secretsOfRecordsAreMasked(String text) {
    var record = text.replace('\'', '"');
    for (int size = 1; size <= record.length(); size++) {
      assertThat(masked(FieldRedactor.ofRecords(), record, size))
          .contains("***")
          .doesNotContain("SECRET")
          .hasSameSizeAs(record);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errcode\":0,\"errmsg\":\"ok\",\"request\":{\"invoke_time\":1,\"cost_in_ms\":30}}",
        "{\"request_url\":\"lang=zh_CN&openid=o\",\"client_ip\":\"127.0.0.1\"}",
        "{\"errmsg\":\"50%secret, 50%\",\"request_url\":\"a%3Db%26c=%25\\u0026c%2\"}",
        "{\"token\":7,\"secret\":{\"a\":\"b\"},\"path\":\"a\\\\b\\/c\"}",
      })
  void restOfARecordIsUnchanged(String record) {
    for (int size = 1; size <= record.length(); size++) {
      assertThat(masked(FieldRedactor.ofRecords(), record, size)).isEqualTo(record);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"session_key\":\"SECRET==\",\"openid\":\"o\"}",
        "{\"session_key\" : \"SECRET\\/\\u003d\"}",
        "{\"session\\u005fkey\":\"SECRET\"}",
        "{\"\\u0073ession_\\u006Bey\":\"SECRET\"}",
        "{\"session_key\":\"a b&c\\\"SECRET\"}",
        "{\"session_key\":[\"SECRET\", \"SECRET\"]}",
        "{\"a\":\"{\\\"session_key\\\":\\\"a\\\\\\\"SECRET\\\"}\"}"
      })
  void sessionKeyOfOtherRepliesIsMasked(String reply) {
    assertThat(masked(FieldRedactor.ofReplies(), reply, 3))
        .contains("***")
        .doesNotContain("SECRET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void sessionKeyInAnotherEncodingIsMasked(String encoding) {
    var charset = Charset.forName(encoding);
    var reply = Buffer.buffer("{\"session_key\" : \"SECRET\",\"a\":\"b\"}".getBytes(charset));
    assertThat(FieldRedactor.ofReplies().next(reply).toString(charset))
        .doesNotContain("SECRET")
        .endsWith("\"a\":\"b\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ticket\":\"t\",\"signature\":\"s\",\"encrypt_key\":\"k\"}",
        "{\"url\":\"https://x/?session_key=a\",\"my_session_key\":\"b\"}"
      })
  void restOfOtherRepliesIsUnchanged(String reply) {
    assertThat(masked(FieldRedactor.ofReplies(), reply, 3)).isEqualTo(reply);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"session_key\":\"**\",\"openid\":\"o\"}",
        "{\"session_key\":\"**\\\\\",\"openid\":\"o\"}",
        "{\"session_key\":[\"**\"],\"openid\":[\"o\"]}",
        "{\"a\":\"{\\\"session_key\\\":\\\"**\\\",\\\"b\\\":\\\"c\\\"}\",\"openid\":\"o\"}",
        "{\"a\":\"{\\u0022session_key\\u0022:\\u0022**\",\"openid\":\"o\"}"
      })
  void maskEndsWithTheValue(String reply) {
    assertThat(masked(FieldRedactor.ofReplies(), reply, 3))
        .isEqualTo(reply.replace("**\\\\", "****"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "token", "\\", "\"", "token\\", "token\" ", "token=\\", "token=\\/"})
  void megabyteIsMaskedInLinearTime(String repeated) {
    var text = repeated.repeat(1024 * 1024 / repeated.length());
    assertTimeout(
        Duration.ofSeconds(2),
        () ->
            assertThat(masked(FieldRedactor.ofRecords(), text, text.length())).hasSameSizeAs(text));
  }

  private static String masked(FieldRedactor redactor, String text, int size) {
    var masked = Buffer.buffer();
    for (int from = 0; from < text.length(); from += size) {
      var piece = text.substring(from, Math.min(from + size, text.length()));
      masked.appendBuffer(redactor.next(Buffer.buffer(piece)));
    }
    return masked.appendBuffer(redactor.rest()).toString();
  }
}
