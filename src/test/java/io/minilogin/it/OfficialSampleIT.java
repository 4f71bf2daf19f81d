package io.minilogin.it;

import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import io.minilogin.OfficialSample;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.OpenData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * WeChat's own example of encrypted data, from a WeChat that gives its session key to everybody.
 */
class OfficialSampleIT {
  private static final String REPLY =
      "{\"session_key\":\"%s\",\"openid\":\"%s\"}"
          .formatted(OfficialSample.SESSION_KEY, OfficialSample.OPENID);

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
            ServiceProcess.with("WECHAT_APPID", OfficialSample.APPID)
                .with("WECHAT_SECRET", "secret-of-the-sample")
                .with("WECHAT_BASE_URL", "http://127.0.0.1:" + wechat.getAddress().getPort())
                .with("QUARKUS_REDIS_HOSTS", redis.uri().toString())
                .start()) {
      var sample =
          new OpenData(
              OfficialSample.ENCRYPTED_DATA, OfficialSample.IV, Optional.empty(), Optional.empty());
      var token = service.client().tokenFor("code");
      service
          .client()
          .openData(token, sample.json())
          .then()
          .statusCode(200)
          .body("openId", equalTo(OfficialSample.OPENID))
          .body("watermark.timestamp", equalTo(OfficialSample.TIMESTAMP));
      service
          .client()
          .verify(token)
          .then()
          .statusCode(200)
          .header("X-WX-UNIONID", OfficialSample.UNIONID);
    } finally {
      wechat.stop(0);
    }
  }
}
