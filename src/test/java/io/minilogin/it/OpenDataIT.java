package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.minilogin.dev.OpenData;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Shared;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data of the client API are decrypted if they belong to this user in this app. */
@ExtendWith(SharedService.class)
class OpenDataIT {
  private final Client client;
  private final WechatSimulator wechat;
  private final String user = newUser();

  OpenDataIT(Shared shared) {
    this.client = shared.client();
    this.wechat = shared.wechat();
  }

  @Nested
  class Accepted {
    @Test
    void objectOfTheClientApiIsAcceptedUnchanged() {
      var token = login();
      client
          .openData(token, wechat.userInfo(APP.appid(), user).json())
          .then()
          .statusCode(200)
          .header("Cache-Control", "no-store")
          .header("Content-Type", startsWith("application/json"))
          .body("openId", equalTo(wechat.openidOf(APP.appid(), user)))
          .body("unionId", equalTo(wechat.unionidOf(user)))
          .body("watermark.appid", equalTo(APP.appid()));
    }

    @Test
    void plaintextIsReturnedByteForByte() {
      var token = login();
      var plaintext = "{ \"steps\" : [1,2.50], \"name\":\"小明 😀 \\u0041\",\n" + watermark(0) + "}";
      var answer = client.openData(token, openData(plaintext).json());
      answer.then().statusCode(200);
      assertThat(answer.asString()).isEqualTo(plaintext);
    }

    /** A name that was cut within a character and contains a line break. */
    @Test
    void unusualTextIsReturnedAsStrictJson() {
      var token = login();
      var plaintext = "{\"nickName\":\"\u00e5\u00b0\n\"," + watermark(0) + "}";
      var data =
          OpenData.encrypt(wechat.sessionKeyOf(APP.appid(), user), plaintext.getBytes(ISO_8859_1));
      var answer = client.openData(token, data.json());
      answer.then().statusCode(200);
      assertThat(new String(answer.asByteArray(), UTF_8))
          .startsWith("{\"nickName\":\"\ufffd\\u000a\",");
    }

    @Test
    void otherFieldsOfTheObjectAreIgnored() {
      var token = login();
      var data = openData("{" + watermark(0) + "}");
      var body =
          "{\"errMsg\":\"getWeRunData:ok\",\"cloudID\":\"1\",\"userInfo\":{},\"encryptedData\":\"%s\","
                  .formatted(data.encryptedData())
              + "\"iv\":\"%s\"}".formatted(data.iv());
      client.openData(token, body).then().statusCode(200);
    }

    @Test
    void phoneNumberIsDecrypted() {
      var token = login();
      client
          .openData(token, wechat.phoneNumberData(APP.appid(), user).json())
          .then()
          .statusCode(200)
          .body("purePhoneNumber", equalTo(wechat.phoneNumberOf(user)));
    }
  }

  @Nested
  class SessionKeyHistory {
    @Test
    void dataEncryptedBeforeALoginElsewhereCanBeDecrypted() {
      var phone = login();
      var data = wechat.userInfo(APP.appid(), user).json();
      var tablet = login();
      client.openData(phone, data).then().statusCode(200);
      client.openData(tablet, data).then().statusCode(200);
    }

    @Test
    void dataEncryptedBeforeTwoLoginsCannotBeDecrypted() {
      var token = login();
      var data = wechat.userInfo(APP.appid(), user).json();
      login();
      login();
      client.openData(token, data).then().spec(problem("session-key-stale", 409, "login"));
      client.openData(token, wechat.userInfo(APP.appid(), user).json()).then().statusCode(200);
    }

    @Test
    void dataOfOtherUsersCannotBeDecrypted() {
      var token = login();
      var stranger = newUser();
      client.tokenFor(codeOf(stranger));
      client
          .openData(token, wechat.userInfo(APP.appid(), stranger).json())
          .then()
          .spec(problem("session-key-stale", 409, "login"));
    }
  }

  @Nested
  class Refused {
    @Test
    void dataOfOtherAppsAreRejected() {
      var token = login();
      var plaintext = "{\"watermark\":{\"appid\":\"" + OTHER_APP.appid() + "\",\"timestamp\":1}}";
      client
          .openData(token, openData(plaintext).json())
          .then()
          .spec(problem("open-data-rejected", 422, "none"));
    }

    @Test
    void rawDataMustMatchTheirSignature() {
      var token = login();
      var data = wechat.userInfo(APP.appid(), user);
      var changed =
          new OpenData(
              data.encryptedData(), data.iv(), data.rawData().map(r -> r + " "), data.signature());
      client
          .openData(token, changed.json())
          .then()
          .spec(problem("open-data-rejected", 422, "none"))
          .body("detail", containsString("signature"));
      var unsigned =
          new OpenData(data.encryptedData(), data.iv(), Optional.empty(), Optional.empty());
      client.openData(token, unsigned.json()).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"290, 200", "310, 422"})
    void phoneNumberMayBeFiveMinutesOld(int age, int status) {
      var token = login();
      var plaintext = "{\"phoneNumber\":\"13\"," + watermark(age) + "}";
      client.openData(token, openData(plaintext).json()).then().statusCode(status);
    }

    @Test
    void otherDataMayHaveAnyAge() {
      var token = login();
      client
          .openData(token, openData("{" + watermark(999_999) + "}").json())
          .then()
          .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{}|encryptedData",
          "{\"iv\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}|encryptedData",
          "{\"encryptedData\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}|iv",
          "{\"encryptedData\":1,\"iv\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}|encryptedData",
          "{\"encryptedData\":\"AAAA\",\"iv\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}|encryptedData",
          "{\"encryptedData\":\"a b\",\"iv\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}|encryptedData",
          "{\"encryptedData\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"iv\":\"AAAA\"}|iv",
          "{\"encryptedData\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"iv\":\"?\"}|iv",
          "[]|object",
          "null|object",
          "{|JSON"
        })
    void malformedObjectIsRefusedByName(String body, String name) {
      client
          .openData(login(), body)
          .then()
          .spec(problem("invalid-request", 400, "none"))
          .body("detail", containsString(name));
    }
  }

  @Nested
  class NewUnionid {
    @Test
    void unionidInOpenDataIsAddedToAllSessionsOfTheUser() {
      var phone = client.tokenFor(codeOf(user, "no-unionid"));
      var tablet = client.tokenFor(codeOf(user, "no-unionid"));
      var stranger = client.tokenFor(code("no-unionid"));
      client.verify(phone).then().header("X-WX-UNIONID", "");
      client.openData(phone, wechat.userInfo(APP.appid(), user).json()).then().statusCode(200);
      for (var token : new String[] {phone, tablet}) {
        client.verify(token).then().statusCode(200).header("X-WX-UNIONID", wechat.unionidOf(user));
        client.session(token).then().body("unionid", equalTo(wechat.unionidOf(user)));
      }
      client.verify(stranger).then().statusCode(200).header("X-WX-UNIONID", "");
    }
  }

  private String login() {
    return client.tokenFor(codeOf(user));
  }

  private OpenData openData(String plaintext) {
    return wechat.openData(APP.appid(), user, plaintext);
  }

  private static String watermark(int age) {
    return "\"watermark\":{\"timestamp\":%d,\"appid\":\"%s\"}"
        .formatted(Instant.now().getEpochSecond() - age, APP.appid());
  }
}
