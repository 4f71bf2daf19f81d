package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.target;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.async.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ThreadLocalRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedBackendCallsTest {
  private static final String CONTENT_CHECK = "/wxa/msg_sec_check";
  private static final String MESSAGE = "/cgi-bin/message/subscribe/send";
  private static final String MINI_CODE = "/wxa/getwxacodeunlimit";
  private static final String UPLOAD = "/cgi-bin/media/upload";
  private static final String QUOTA = "/cgi-bin/openapi/quota/get";
  private static final String RID = "/cgi-bin/openapi/rid/get";
  private static final String FORM_DATA = "multipart/form-data; boundary=----b0undary";

  private final SettableClock clock = new SettableClock();
  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(clock, 0, SHOP);
  private final WechatCaller caller = new WechatCaller(wechat);

  // All calls

  @ParameterizedTest
  @ValueSource(strings = {CONTENT_CHECK, MESSAGE, MINI_CODE, UPLOAD, QUOTA, RID})
  void callNeedsAValidAccessTokenAndPost(String path) throws Exception {
    assertThat(errcode(caller.post(path, "{}"))).isEqualTo(41001);
    assertThat(errcode(caller.post(path + "?access_token=82_unknown", "{}"))).isEqualTo(40001);
    var token = caller.accessToken(SHOP);
    wechat.expireAccessToken(SHOP.appid());
    assertThat(errcode(caller.post(target(path, "access_token", token), "{}"))).isEqualTo(42001);
    assertThat(errcode(caller.get(path))).isEqualTo(43002);
  }

  @ParameterizedTest
  @ValueSource(strings = {CONTENT_CHECK, MESSAGE, MINI_CODE, QUOTA, RID})
  void bodyThatIsNotAJsonObjectIsRejected(String path) throws Exception {
    assertThat(errcode(post(path, "no JSON"))).isEqualTo(47001);
  }

  @ParameterizedTest
  @CsvSource({
    CONTENT_CHECK + ", '{\"content\":\"a\"}', 40003, invalid openid",
    MESSAGE + ", '{\"template_id\":\"t\"}', 40003, invalid openid",
    MESSAGE + ", '{\"touser\":\"o\"}', 40037, invalid template_id",
    MINI_CODE + ", '{}', 40097, invalid args",
    MINI_CODE + ", '{\"scene\":\"abcdefghijklmnopqrstuvwxyz0123456\"}', 40097, invalid args",
    QUOTA + ", '{}', 40097, invalid args",
    RID + ", '{}', 40097, invalid args"
  })
  void missingOrTooLongParameterIsRejected(String path, String body, int errcode, String message)
      throws Exception {
    var response = post(path, body);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(errcode(response)).isEqualTo(errcode);
    assertThat(json(response).get("errmsg").textValue()).startsWith(message + ", rid: ");
  }

  // Contents

  @Test
  void textPassesUnlessItContainsTheWordRisky() throws Exception {
    var reply = check("小明");
    assertThat(errcode(reply)).isZero();
    assertThat(reply.get("detail").isArray()).isTrue();
    assertThat(reply.get("trace_id").textValue()).isNotEmpty();
    assertThat(reply.at("/result/suggest").textValue()).isEqualTo("pass");
    assertThat(reply.at("/result/label").intValue()).isEqualTo(100);
    var risky = check("how risky this is");
    assertThat(errcode(risky)).isZero();
    assertThat(risky.at("/result/suggest").textValue()).isEqualTo("risky");
    assertThat(risky.at("/result/label").intValue()).isEqualTo(20001);
  }

  private JsonNode check(String content) throws Exception {
    var body =
        """
        {"content":"%s","version":2,"scene":2,"openid":"o1"}\
        """
            .formatted(content);
    return json(post(CONTENT_CHECK, body));
  }

  // Messages

  @Test
  void messagesHaveUniqueIds() throws Exception {
    var body = "{\"touser\":\"o1\",\"template_id\":\"t1\",\"data\":{}}";
    var first = json(post(MESSAGE, body));
    assertThat(errcode(first)).isZero();
    assertThat(first.get("msgid").isIntegralNumber()).isTrue();
    assertThat(json(post(MESSAGE, body)).get("msgid")).isNotEqualTo(first.get("msgid"));
  }

  // Pictures

  @Test
  void miniCodeIsAPicture() throws Exception {
    var response =
        caller.send(
            "POST",
            withToken(MINI_CODE),
            BodyPublishers.ofString("{\"scene\":\"abcdefghijklmnopqrstuvwxyz012345\"}"),
            BodyHandlers.ofByteArray());
    assertThat(contentType(response)).isEqualTo("image/png");
    var picture = ImageIO.read(new ByteArrayInputStream(response.body()));
    assertThat(picture.getWidth()).isEqualTo(8);
    assertThat(picture.getHeight()).isEqualTo(8);
  }

  @Test
  void pictureCanBeTruncated() throws Exception {
    wechat.provoke(MINI_CODE, "truncated");
    var body = BodyPublishers.ofString("{\"scene\":\"a\"}");
    var response = caller.send("POST", withToken(MINI_CODE), body, BodyHandlers.ofByteArray());
    assertThat(response.body()).hasSize(39);
  }

  // Uploads

  @Test
  void uploadReturnsAMediaId() throws Exception {
    var reply = json(upload("image", FORM_DATA, part("media", "小明".getBytes(UTF_8))));
    assertThat(reply.get("type").textValue()).isEqualTo("image");
    assertThat(reply.get("media_id").textValue()).hasSize(64);
    assertThat(reply.get("created_at").longValue()).isEqualTo(clock.instant().getEpochSecond());
  }

  @Test
  void uploadOfTenMegabytesIsAccepted() throws Exception {
    var bytes = new byte[10 * 1024 * 1024];
    ThreadLocalRandom.current().nextBytes(bytes);
    var body = part("media", bytes);
    assertThat(json(upload("video", FORM_DATA, body)).has("media_id")).isTrue();
    var request = wechat.requests(UPLOAD).get(0);
    assertThat(request.length()).isEqualTo(body.length);
    assertThat(request.sha256()).isEqualTo(Sha256.hex(body));
    assertThat(request.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "picture"})
  void unknownMediaTypeIsRejected(String type) throws Exception {
    assertRefused(upload(type, FORM_DATA, part("media", new byte[1])), 40004, "invalid media type");
  }

  @Test
  void uploadWithoutAMediaPartIsRejected() throws Exception {
    var media = part("media", new byte[1]);
    var message = "media data missing";
    assertRefused(upload("image", FORM_DATA, part("file", new byte[1])), 41005, message);
    assertRefused(upload("image", FORM_DATA, new byte[0]), 41005, message);
    assertRefused(upload("image", FORM_DATA + "2", media), 41005, message);
    assertRefused(upload("image", "multipart/form-data", media), 41005, message);
    assertRefused(upload("image", "image/png", media), 41005, message);
  }

  private HttpResponse<String> upload(String type, String contentType, byte[] body)
      throws Exception {
    var target = target(UPLOAD, "access_token", caller.accessToken(SHOP), "type", type);
    return caller.send(
        "POST", target, BodyPublishers.ofByteArray(body), "Content-Type", contentType);
  }

  private static byte[] part(String name, byte[] content) throws IOException {
    var body = new ByteArrayOutputStream();
    body.write(
        """
        ------b0undary\r
        Content-Type: image/png\r
        Content-Disposition: form-data; name="%s"; filename="a.png"\r
        \r
        """
            .formatted(name)
            .getBytes(ISO_8859_1));
    body.write(content);
    body.write("\r\n------b0undary--\r\n".getBytes(ISO_8859_1));
    return body.toByteArray();
  }

  private static void assertRefused(HttpResponse<String> response, int errcode, String message)
      throws IOException {
    assertThat(errcode(response)).isEqualTo(errcode);
    assertThat(json(response).get("errmsg").textValue()).startsWith(message + ", rid: ");
  }

  // Calls about calls

  @Test
  void quotaCountsTheCallsOfAPath() throws Exception {
    assertThat(used(CONTENT_CHECK)).isZero();
    check("a");
    check("b");
    assertThat(used(CONTENT_CHECK)).isEqualTo(2);
    caller.login(SHOP, "alice.1");
    assertThat(used("/sns/jscode2session")).isEqualTo(1);
    var reply = json(post(QUOTA, "{\"cgi_path\":\"" + CONTENT_CHECK + "\"}"));
    assertThat(reply.at("/quota/daily_limit").longValue()).isEqualTo(10_000_000);
    assertThat(reply.at("/quota/remain").longValue()).isEqualTo(9_999_998);
    assertThat(reply.at("/rate_limit/call_count").isInt()).isTrue();
    assertThat(reply.at("/rate_limit/refresh_second").isInt()).isTrue();
  }

  private long used(String path) throws Exception {
    var reply = json(post(QUOTA, "{\"cgi_path\":\"" + path + "\"}"));
    assertThat(errcode(reply)).isZero();
    return reply.at("/quota/used").longValue();
  }

  @Test
  void recordOfARidContainsTheSecretAndTheToken() throws Exception {
    wechat.resetSecret(SHOP.appid(), "new-secret");
    var token = caller.accessToken(new WechatSimulator.App(SHOP.appid(), "new-secret"));
    var reply = json(caller.post(target(RID, "access_token", token), "{\"rid\":\"1-2-3\"}"));
    assertThat(errcode(reply)).isZero();
    var request = reply.get("request");
    assertThat(request.get("invoke_time").longValue()).isEqualTo(clock.instant().getEpochSecond());
    assertThat(request.get("cost_in_ms").intValue()).isEqualTo(30);
    assertThat(request.get("client_ip").textValue()).isEqualTo("127.0.0.1");
    assertThat(request.get("request_url").textValue())
        .isEqualTo("access_token=" + token + "&secret=new-secret&appid=" + SHOP.appid());
    var mapper = new ObjectMapper();
    var sent = mapper.readTree(request.get("request_body").textValue());
    assertThat(sent.get("secret").textValue()).isEqualTo("new-secret");
    var received = mapper.readTree(request.get("response_body").textValue());
    assertThat(received.get("access_token").textValue()).isEqualTo(token);
    assertThat(received.get("session_key").textValue()).hasSize(24);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return caller.post(withToken(path), body);
  }

  private String withToken(String path) throws Exception {
    return target(path, "access_token", caller.accessToken(SHOP));
  }
}
