package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.GAME;
import static io.minilogin.dev.WechatCaller.PHONE_NUMBER;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.names;
import static io.minilogin.dev.WechatCaller.target;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.async.SettableClock;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedClientApiTest {
  private static final String USER_INFO = "/simulator/user-info";
  private static final String PHONE = "/simulator/phone-number";
  private static final String OPEN_DATA = "/simulator/open-data";

  private final SettableClock clock = new SettableClock();
  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(clock, 0, SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);
  private String sessionKey;

  @BeforeEach
  void login() throws Exception {
    sessionKey = caller.login(SHOP, "alice.1");
  }

  @Test
  void profileHasTheFormatOfGetUserInfo() throws Exception {
    var response = caller.get(USER_INFO + "?user=alice");
    var reply = json(response);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(names(reply))
        .containsExactlyInAnyOrder(
            "errMsg", "rawData", "userInfo", "signature", "encryptedData", "iv");
    assertThat(reply.get("errMsg").textValue()).isEqualTo("getUserInfo:ok");
    var rawData = reply.get("rawData").textValue();
    assertThat(OpenedData.json(rawData)).isEqualTo(reply.get("userInfo"));
    assertThat(reply.get("signature").textValue())
        .isEqualTo(OpenedData.signature(rawData, sessionKey));
    assertThat(open(response).get("openId").textValue())
        .isEqualTo(wechat.openidOf(SHOP.appid(), "alice"));
  }

  @Test
  void codeIsNewAndHasTheWordsOfTheRequest() throws Exception {
    var code =
        json(caller.get("/simulator/login?user=bob&words=errcode=-1")).get("code").textValue();
    assertThat(code).matches("bob\\.[0-9a-f]{8}\\.errcode=-1");
    assertThat(json(caller.get("/simulator/login?user=bob")).get("code").textValue())
        .startsWith("bob.")
        .isNotEqualTo(code);
    assertThat(caller.get("/simulator/login").statusCode()).isEqualTo(400);
  }

  @Test
  void phoneNumberComesWithASingleUseCode() throws Exception {
    var response = caller.get(PHONE + "?user=alice");
    var reply = json(response);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(names(reply)).containsExactlyInAnyOrder("errMsg", "code", "encryptedData", "iv");
    assertThat(reply.get("errMsg").textValue()).isEqualTo("getPhoneNumber:ok");
    var number = wechat.phoneNumberOf("alice");
    assertThat(open(response).get("phoneNumber").textValue()).isEqualTo(number);

    var code = reply.get("code").textValue();
    assertThat(code).startsWith("alice.");
    var target = target(PHONE_NUMBER, "access_token", caller.accessToken(SHOP));
    var body = "{\"code\":\"" + code + "\"}";
    assertThat(json(caller.post(target, body)).at("/phone_info/phoneNumber").textValue())
        .isEqualTo(number);
    assertThat(errcode(caller.post(target, body))).isEqualTo(40163);
    assertThat(json(caller.get(PHONE + "?user=alice")).get("code").textValue()).isNotEqualTo(code);
  }

  @Test
  void anyObjectIsEncryptedWithAWatermark() throws Exception {
    var response = caller.post(OPEN_DATA + "?user=alice", "{\"openGId\":\"小明\"}");
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(names(json(response))).containsExactlyInAnyOrder("encryptedData", "iv");
    assertThat(open(response).toString())
        .isEqualTo(
            "{\"openGId\":\"小明\",\"watermark\":{\"timestamp\":%d,\"appid\":\"%s\"}}"
                .formatted(clock.instant().getEpochSecond(), SHOP.appid()));
  }

  @Test
  void watermarkOfTheObjectIsKept() throws Exception {
    var response = caller.post(OPEN_DATA + "?user=alice", "{\"watermark\":{\"appid\":\"wx0\"}}");
    assertThat(open(response).toString()).isEqualTo("{\"watermark\":{\"appid\":\"wx0\"}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "1"})
  void bodyThatIsNotAnObjectIsABadRequest(String body) throws Exception {
    assertThat(caller.post(OPEN_DATA + "?user=alice", body).statusCode()).isEqualTo(400);
  }

  @Test
  void bodyWithoutAContentLengthIsAccepted() throws Exception {
    assertThat(caller.postChunked(OPEN_DATA + "?user=alice", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void ageOfTheWatermarkCanBeChosen() throws Exception {
    for (var age : new int[] {600, 0, -600}) {
      var query = "?user=alice&age=" + age;
      var timestamp = clock.instant().getEpochSecond() - age;
      assertThat(timestamp(caller.get(USER_INFO + query))).isEqualTo(timestamp);
      assertThat(timestamp(caller.get(PHONE + query))).isEqualTo(timestamp);
      assertThat(timestamp(caller.post(OPEN_DATA + query, "{}"))).isEqualTo(timestamp);
    }
  }

  @Test
  void appidSelectsAnotherApp() throws Exception {
    sessionKey = caller.login(GAME, "alice.2");
    for (var path : new String[] {USER_INFO, PHONE}) {
      var data = open(caller.get(path + "?user=alice&appid=" + GAME.appid()));
      assertThat(data.at("/watermark/appid").textValue()).isEqualTo(GAME.appid());
    }
  }

  @Test
  void userWithoutALoginIsAskedToLogInFirst() throws Exception {
    for (var query : new String[] {"?user=bob", "?user=alice&appid=" + GAME.appid()}) {
      var response = caller.get(USER_INFO + query);
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(contentType(response)).startsWith("text/plain");
      assertThat(response.body()).contains("log in first").endsWith("\n");
      assertThat(caller.get(PHONE + query).statusCode()).isEqualTo(404);
      assertThat(caller.post(OPEN_DATA + query, "{}").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?user=", "?appid=wx1111111111111111", "?user=alice&age=old"})
  void missingUserOrAMalformedAgeIsABadRequest(String query) throws Exception {
    assertThat(caller.get(USER_INFO + query).statusCode()).isEqualTo(400);
    assertThat(caller.get(PHONE + query).statusCode()).isEqualTo(400);
    assertThat(caller.post(OPEN_DATA + query, "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void otherPathsAreNotFoundAndOtherMethodsNotAllowed() throws Exception {
    assertThat(caller.get("/simulator/").statusCode()).isEqualTo(404);
    assertThat(caller.get(OPEN_DATA + "?user=alice").statusCode()).isEqualTo(405);
    assertThat(caller.post(USER_INFO + "?user=alice", "").statusCode()).isEqualTo(405);
  }

  private JsonNode open(HttpResponse<String> response) throws Exception {
    var data = json(response);
    var encryptedData = data.get("encryptedData").textValue();
    return OpenedData.json(OpenedData.text(sessionKey, encryptedData, data.get("iv").textValue()));
  }

  private long timestamp(HttpResponse<String> response) throws Exception {
    return open(response).at("/watermark/timestamp").longValue();
  }
}
