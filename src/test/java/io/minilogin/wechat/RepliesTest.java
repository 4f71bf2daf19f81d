package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.app.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The replies of the calls with an access token and of the call that issues it. */
class RepliesTest {
  private static final ObjectMapper JSON = LenientJson.mapper();

  // Access tokens

  @Test
  void accessTokenComesWithItsLifetime() {
    var reply =
        read("{\"access_token\":\"t\",\"expires_in\":7200,\"more\":1}", StableTokenReply.class);
    assertThat(reply.isError()).isFalse();
    assertThat(reply.isComplete()).isTrue();
    assertThat(reply.issued())
        .isEqualTo(new IssuedAccessToken(new Secret("t"), Duration.ofHours(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"expires_in\":7200}",
        "{\"access_token\":\"\",\"expires_in\":7200}",
        "{\"access_token\":\"t\"}",
        "{\"access_token\":\"t\",\"expires_in\":0}",
        "{\"access_token\":\"t\",\"expires_in\":-1}"
      })
  void replyWithoutAnAccessTokenOrLifetimeIsIncomplete(String json) {
    assertThat(read(json, StableTokenReply.class).isComplete()).isFalse();
  }

  @Test
  void accessTokenHasAtMost512Characters() {
    var json = "{\"access_token\":\"%s\",\"expires_in\":7200}";
    assertThat(read(json.formatted("t".repeat(512)), StableTokenReply.class).isComplete()).isTrue();
    assertThat(read(json.formatted("t".repeat(513)), StableTokenReply.class).isComplete())
        .isFalse();
  }

  /** The errcode is the same as for a bad access token. */
  @Test
  void badCredentialOfATokenRequestIsTheAppSecret() {
    var json = "{\"errcode\":40001,\"errmsg\":\"invalid credential\"}";
    assertThat(read(json, StableTokenReply.class).refusal()).isEqualTo(Refusal.APP_MISCONFIGURED);
    assertThat(read(json, Code2SessionReply.class).refusal()).isEqualTo(Refusal.APP_MISCONFIGURED);
    assertThat(read(json, CheckSessionReply.class).refusal()).isEqualTo(Refusal.TOKEN_REJECTED);
  }

  // Phone numbers

  @ParameterizedTest
  @ValueSource(strings = {"86", "\"86\""})
  void countryCodeMayBeANumberOrAText(String code) {
    var reply = phone("\"phoneNumber\":\"13\",\"purePhoneNumber\":\"13\",\"countryCode\":" + code);
    assertThat(reply.isComplete()).isTrue();
    assertThat(reply.phoneNumber()).isEqualTo(new PhoneNumber("13", "13", "86"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"phoneNumber\":\"13\",\"purePhoneNumber\":\"13\"",
        "\"phoneNumber\":\"13\",\"countryCode\":\"86\"",
        "\"purePhoneNumber\":\"13\",\"countryCode\":\"86\"",
        "\"phoneNumber\":\"13\",\"purePhoneNumber\":\"13\",\"countryCode\":null",
        "\"phoneNumber\":\"13\",\"purePhoneNumber\":\"13\",\"countryCode\":{}"
      })
  void phoneNumberWithoutAllFieldsIsIncomplete(String fields) {
    assertThat(phone(fields).isComplete()).isFalse();
    assertThat(read("{\"errcode\":0}", PhoneNumberReply.class).isComplete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "40003, CODE_INVALID",
    "40029, CODE_INVALID",
    "49999, CODE_INVALID",
    "40163, CODE_USED",
    "40097, APP_MISCONFIGURED",
    "39999, FAILED",
    "50000, FAILED",
    "-40003, FAILED"
  })
  void unknownErrcodeOfThePhoneNumberCallMeansAnInvalidCode(int errcode, Refusal refusal) {
    var json = "{\"errcode\":" + errcode + ",\"errmsg\":\"\"}";
    assertThat(read(json, PhoneNumberReply.class).refusal()).isEqualTo(refusal);
  }

  // Session keys

  @Test
  void errcodeIsTheResultOfACheck() {
    assertThat(read("{\"errcode\":0,\"errmsg\":\"ok\"}", CheckSessionReply.class).isComplete())
        .isTrue();
    assertThat(read("{}", CheckSessionReply.class).isComplete()).isFalse();
    assertThat(read("{\"errcode\":87009}", CheckSessionReply.class).refusal())
        .isEqualTo(Refusal.SESSION_KEY_STALE);
  }

  @Test
  void resetReplyHasASessionKey() {
    var reply =
        read(
            "{\"errcode\":0,\"openid\":\"o\",\"session_key\":\"k==\"}", ResetSessionKeyReply.class);
    assertThat(reply.isComplete()).isTrue();
    assertThat(read("{\"errcode\":0,\"openid\":\"o\"}", ResetSessionKeyReply.class).isComplete())
        .isFalse();
  }

  private static PhoneNumberReply phone(String fields) {
    return read(
        "{\"errcode\":0,\"errmsg\":\"ok\",\"phone_info\":{" + fields + "}}",
        PhoneNumberReply.class);
  }

  private static <R> R read(String json, Class<R> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
