package io.minilogin.it;

import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import io.minilogin.dev.EmbeddedRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * WeChat's own example of encrypted data, from a WeChat that gives its session key to everybody.
 */
class OfficialSampleIT {
  private static final String APPID = "wx4f4bc4dec97d474b";
  private static final String REPLY =
      "{\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\",\"openid\":\"oGZUI0egBJY1zhBYw2KhdUfwVJJE\"}";
  private static final String SAMPLE =
      "{\"iv\":\"r7BXXKkLb8qrSNn05n0qiA==\",\"encryptedData\":\""
          + "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC"
          + "+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue"
          + "1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn"
          + "/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorG"
          + "j5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNH"
          + "R1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5"
          + "hzuyDb/XcxxmK01EpqOyuxINew==\"}";

  @Test
  void itOpensAndItsUnionidIsTheUsers() throws IOException {
    var wechat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    wechat.createContext(
        "/sns/jscode2session",
        call -> {
          var body = REPLY.getBytes(StandardCharsets.UTF_8);
          call.getResponseHeaders().set("Content-Type", "text/plain");
          call.sendResponseHeaders(200, body.length);
          call.getResponseBody().write(body);
          call.close();
        });
    wechat.start();
    try (var redis = EmbeddedRedis.start();
        var service =
            ServiceProcess.with("WECHAT_APPID", APPID)
                .with("WECHAT_SECRET", "secret")
                .with("WECHAT_BASE_URL", "http://127.0.0.1:" + wechat.getAddress().getPort())
                .with("QUARKUS_REDIS_HOSTS", redis.uri().toString())
                .start()) {
      var token = service.client().tokenFor("code");
      service
          .client()
          .openData(token, SAMPLE)
          .then()
          .statusCode(200)
          .body("openId", equalTo("oGZUI0egBJY1zhBYw2KhdUfwVJJE"))
          .body("watermark.timestamp", equalTo(1477314187));
      service
          .client()
          .verify(token)
          .then()
          .statusCode(200)
          .header("X-WX-UNIONID", "ocMvos6NjeKLIBqg5Mr9QjxrP1FA");
    } finally {
      wechat.stop(0);
    }
  }
}
