package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.app.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Code2SessionReplyTest {
  private static final ObjectMapper MAPPER = LenientJson.mapper();

  // Success

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"errcode\":0", ",\"errcode\":\"0\"", ",\"errcode\":null"})
  void replyWithoutAnErrcodeOrWithZeroIsASuccess(String errcode) {
    var reply =
        read("{\"openid\":\"o1\",\"unionid\":\"u1\",\"session_key\":\"k1==\"" + errcode + "}");
    assertThat(reply.isError()).isFalse();
    assertThat(reply.isComplete()).isTrue();
    assertThat(reply.user()).isEqualTo(new WechatUser("o1", Optional.of("u1"), new Secret("k1==")));
  }

  @Test
  void unknownPropertiesAreIgnored() {
    var reply =
        read(
            "{\"openid\":\"o1\",\"session_key\":\"k1==\",\"expires_in\":7200,\"nickname\":\"小明\"}");
    assertThat(reply.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"unionid\":null", ",\"unionid\":\"\"", ",\"unionid\":\"a b\""})
  void unusableUnionidIsIgnored(String unionid) {
    var reply = read("{\"openid\":\"o1\",\"session_key\":\"k1==\"" + unionid + "}");
    assertThat(reply.isComplete()).isTrue();
    assertThat(reply.user().unionid()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"openid\":\"o1\",\"session_key\":\"k1==\"}\n",
        "{\"openid\":\"o1\",\"session_key\":\"k1==\"} {}",
        "{\"openid\":\"o0\",\"openid\":\"o1\",\"session_key\":\"k1==\"}",
        "{\"openid\":\"o1\",\"session_key\":\"k1==\",\"unionid\":7}",
        "{\"openid\":\"o1\",\"session_key\":\"k1==\",\"unionid\":{\"a\":[1]}}",
        "{\"openid\":\"o1\",\"session_key\":\"k1==\",\"errmsg\":[\"ok\"]}",
        "{\"openid\":\"o1\",\"session_key\":\"k1==\",\"errcode\":\"\"}"
      })
  void oddReplyWithAUserIsASuccess(String json) {
    assertThat(read(json).isError()).isFalse();
    assertThat(read(json).isComplete()).isTrue();
    assertThat(read(json).user().openid()).isEqualTo("o1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"openid\":{},\"session_key\":\"k1==\"}",
        "{\"openid\":\"o1\"}",
        "{\"session_key\":\"k1==\"}",
        "{\"openid\":\"\",\"session_key\":\"k1==\"}",
        "{\"openid\":\"o1\",\"session_key\":\"\"}",
        "{\"openid\":\"o 1\",\"session_key\":\"k1==\"}",
        "{\"openid\":\"o1\\r\\nX-WX-OPENID: o2\",\"session_key\":\"k1==\"}",
        "{\"openid\":\"小明\",\"session_key\":\"k1==\"}"
      })
  void replyWithoutAUsableUserIsIncomplete(String json) {
    assertThat(read(json).isComplete()).isFalse();
  }

  @Test
  void idHasAtMost128Characters() {
    assertThat(withOpenid("o".repeat(128)).isComplete()).isTrue();
    assertThat(withOpenid("o".repeat(129)).isComplete()).isFalse();
  }

  // Failure

  @ParameterizedTest
  @ValueSource(strings = {"40029", "\"40029\""})
  void errcodeMayBeANumberOrAText(String errcode) {
    var reply = read("{\"errcode\":" + errcode + ",\"errmsg\":\"invalid code\"}");
    assertThat(reply.isError()).isTrue();
    assertThat(reply.refused().refusal()).isEqualTo(Refusal.CODE_INVALID);
    assertThat(reply.refused().errcode()).hasValue(40029);
  }

  @Test
  void errcodeTakesPrecedenceOverAnOpenid() {
    assertThat(read("{\"errcode\":-1,\"openid\":\"o1\",\"session_key\":\"k1\"}").isError())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'invalid code, rid: 64ae2697-4841f7ca-038035c2', 64ae2697-4841f7ca-038035c2",
    "'invalid code rid:64ae2697-4841f7ca-038035c2 hint', 64ae2697-4841f7ca-038035c2"
  })
  void ridIsExtractedFromTheMessage(String errmsg, String rid) {
    assertThat(failed(errmsg).refused().rid()).contains(rid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "invalid code", "invalid code, rid: ", "rid: <script>"})
  void messageMayLackARid(String errmsg) {
    assertThat(failed(errmsg).refused().rid()).isEmpty();
  }

  @Test
  void failureMayLackAMessage() {
    assertThat(read("{\"errcode\":40029}").refused().rid()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"many\"", "{}", "[40029]", "true"})
  void nonNumericErrcodeIsIgnored(String errcode) {
    assertThat(read("{\"errcode\":" + errcode + "}").isComplete()).isFalse();
    assertThat(read("{\"errcode\":" + errcode + "}").isError()).isFalse();
  }

  private static Code2SessionReply withOpenid(String openid) {
    return read("{\"openid\":\"" + openid + "\",\"session_key\":\"k1==\"}");
  }

  private static Code2SessionReply failed(String errmsg) {
    return read("{\"errcode\":40029,\"errmsg\":\"" + errmsg + "\"}");
  }

  private static Code2SessionReply read(String json) {
    try {
      return MAPPER.readValue(json, Code2SessionReply.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
