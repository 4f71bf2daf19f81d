package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.GAME;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.OfficialSample;
import io.minilogin.async.SettableClock;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedOpenDataTest {
  private final SettableClock clock = new SettableClock();
  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(clock, 0, SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);
  private String sessionKey;

  @BeforeEach
  void login() throws Exception {
    sessionKey = caller.login(SHOP, "alice.1");
  }

  /** Code that decrypts the sample of WeChat's page also decrypts data of the simulator. */
  @Test
  void sampleOfWechatIsDecrypted() throws Exception {
    var sample =
        OpenedData.text(
            OfficialSample.SESSION_KEY, OfficialSample.ENCRYPTED_DATA, OfficialSample.IV);
    assertThat(OpenedData.json(sample).get("openId").textValue()).isEqualTo(OfficialSample.OPENID);
    assertThat(OpenedData.json(sample).at("/watermark/timestamp").longValue())
        .isEqualTo(OfficialSample.TIMESTAMP);

    var again = OpenData.encrypt(OfficialSample.SESSION_KEY, sample);
    assertThat(OpenedData.text(OfficialSample.SESSION_KEY, again)).isEqualTo(sample);
    assertThat(Base64.getDecoder().decode(again.encryptedData()))
        .hasSameSizeAs(Base64.getDecoder().decode(OfficialSample.ENCRYPTED_DATA));
  }

  // A profile

  @Test
  void profileIsEncryptedUnderTheUsersSessionKey() throws Exception {
    var plaintext = open(wechat.userInfo(SHOP.appid(), "alice"));
    assertThat(plaintext.fieldNames())
        .toIterable()
        .containsExactly(
            "openId",
            "nickName",
            "gender",
            "language",
            "city",
            "province",
            "country",
            "avatarUrl",
            "unionId",
            "watermark");
    assertThat(plaintext.get("openId").textValue())
        .isEqualTo(wechat.openidOf(SHOP.appid(), "alice"));
    assertThat(plaintext.get("unionId").textValue()).isEqualTo(wechat.unionidOf("alice"));
    assertThat(plaintext.get("gender").intValue()).isZero();
    assertThat(plaintext.get("language").textValue()).isEqualTo("zh_CN");
    assertWatermark(plaintext);
  }

  @Test
  void nicknameContainsNonLatinCharacters() throws Exception {
    assertThat(open(wechat.userInfo(SHOP.appid(), "alice")).get("nickName").textValue())
        .isEqualTo("alice 小明😀");
  }

  @Test
  void rawDataOfAProfileIsItsPublicPart() throws Exception {
    var userInfo = wechat.userInfo(SHOP.appid(), "alice");
    var rawData = OpenedData.json(userInfo.rawData().orElseThrow());
    assertThat(names(rawData))
        .containsExactlyInAnyOrder(
            "nickName", "gender", "language", "city", "province", "country", "avatarUrl");
    var plaintext = open(userInfo);
    for (var name : names(rawData)) {
      assertThat(rawData.get(name)).as(name).isEqualTo(plaintext.get(name));
    }
  }

  // A phone number and other data

  @Test
  void phoneNumberIsEncryptedButNotSigned() throws Exception {
    var data = wechat.phoneNumberData(SHOP.appid(), "alice");
    var plaintext = open(data);
    var number = wechat.phoneNumberOf("alice");
    assertThat(plaintext.fieldNames())
        .toIterable()
        .containsExactly("phoneNumber", "purePhoneNumber", "countryCode", "watermark");
    assertThat(plaintext.get("phoneNumber").textValue()).isEqualTo(number);
    assertThat(plaintext.get("purePhoneNumber").textValue()).isEqualTo(number);
    assertThat(plaintext.get("countryCode").textValue()).isEqualTo("86");
    assertWatermark(plaintext);
    assertThat(data.rawData()).isEmpty();
    assertThat(data.signature()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no JSON", "{ \"a\":1 }", "小明😀", "exactly 16 bytes"})
  void anyPlaintextIsEncryptedUnchanged(String plaintext) throws Exception {
    var data = wechat.openData(SHOP.appid(), "alice", plaintext);
    assertThat(OpenedData.text(sessionKey, data)).isEqualTo(plaintext);
    assertThat(data.rawData()).isEmpty();
    assertThat(data.signature()).isEmpty();
  }

  @Test
  void encryptionsAreUnique() {
    var first = OpenData.encrypt(OfficialSample.SESSION_KEY, "{}");
    var second = OpenData.encrypt(OfficialSample.SESSION_KEY, "{}");
    assertThat(Base64.getDecoder().decode(first.iv())).hasSize(16);
    assertThat(second.iv()).isNotEqualTo(first.iv());
    assertThat(second.encryptedData()).isNotEqualTo(first.encryptedData());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "not base64!"})
  void invalidSessionKeyIsReported(String key) {
    assertThatThrownBy(() -> OpenData.encrypt(key, "{}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // The request of a client

  @Test
  void jsonHasTheFieldsThatAClientPosts() throws Exception {
    var profile = wechat.userInfo(SHOP.appid(), "alice");
    var json = OpenedData.json(profile.json());
    assertThat(names(json))
        .containsExactlyInAnyOrder("encryptedData", "iv", "rawData", "signature");
    assertThat(json.get("encryptedData").textValue()).isEqualTo(profile.encryptedData());
    assertThat(json.get("iv").textValue()).isEqualTo(profile.iv());
    assertThat(json.get("rawData").textValue()).isEqualTo(profile.rawData().orElseThrow());
    assertThat(json.get("signature").textValue()).isEqualTo(profile.signature().orElseThrow());
    assertThat(names(OpenedData.json(wechat.phoneNumberData(SHOP.appid(), "alice").json())))
        .containsExactlyInAnyOrder("encryptedData", "iv");
  }

  private JsonNode open(OpenData data) throws Exception {
    return OpenedData.json(OpenedData.text(sessionKey, data));
  }

  private void assertWatermark(JsonNode plaintext) {
    var watermark = plaintext.get("watermark");
    assertThat(names(watermark)).containsExactlyInAnyOrder("timestamp", "appid");
    assertThat(watermark.get("timestamp").longValue()).isEqualTo(clock.instant().getEpochSecond());
    assertThat(watermark.get("appid").textValue()).isEqualTo(SHOP.appid());
  }
}
