package io.minilogin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RidReplyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'request_url':'access_token=SECRET&lang=zh'}",
        "{'request_url':'appid=wx1&secret=SECRET&grant_type=client_credential'}",
        "{'request_url':'component_access_token=SECRET'}",
        "{'request_url':'lang=zh\\u0026access_token=SECRET\\u0026a=b'}",
        "{'request_body':'{\\'secret\\':\\'SECRET\\'}'}",
        "{'request_body':'{\\'secret\\' : \\'SECRET\\'}'}",
        "{'response_body':'{\\'access_token\\':\\'SECRET\\',\\'expires_in\\':7200}'}",
        "{'response_body':'{\\'session_key\\':\\'/SECRET\\',\\'openid\\':\\'o\\'}'}",
        "{'response_body':'{\\'session_key\\':\\'x\\\\/SECRET==\\'}'}",
        "{'response_body':'{\\\\\\'session_key\\\\\\':\\\\\\'SECRET\\\\\\'}'}",
        "{'access_token':'SECRET'}",
        "{'request_url':'js_code=SECRET'}",
      })
  void secretsAreTakenOut(String reply) {
    var text = RidReply.withoutSecrets(Buffer.buffer(reply.replace('\'', '"'))).toString();
    assertThat(text).contains("***").doesNotContain("SECRET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errcode\":0,\"errmsg\":\"ok\",\"request\":{\"invoke_time\":1,\"cost_in_ms\":30}}",
        "{\"request_url\":\"lang=zh_CN&openid=o\",\"client_ip\":\"127.0.0.1\"}"
      })
  void theRestStays(String reply) {
    assertThat(RidReply.withoutSecrets(Buffer.buffer(reply))).hasToString(reply);
  }
}
