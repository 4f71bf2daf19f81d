package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The jar that the first command of the README starts. It needs nothing else. */
@Tag("long")
@Tag("jar")
class DevelopmentArtefactIT {
  @RegisterExtension private final Started started = new Started();

  @Test
  void developmentJarNeedsNeitherRedisNorWechat() {
    var service = started.add(DevelopmentJar.service().start());
    var token = service.client().tokenFor("alice.1");
    service.client().session(token).then().body("appid", equalTo("wx0000000000000000"));
    given()
        .baseUri(service.traffic().toString())
        .get("/simulator/user-info?user=alice")
        .then()
        .statusCode(200)
        .body("errMsg", equalTo("getUserInfo:ok"));
    // Java's own log format takes two lines, with the method name in the first line.
    assertThat(service.lines()).noneMatch(line -> line.contains("printStartupTime"));
  }

  @Test
  void requestsOfOtherWebsitesChangeNothing() throws Exception {
    var service = started.add(DevelopmentJar.service().without("QUARKUS_HTTP_HOST").start());
    var host = service.traffic().getAuthority();
    var own = "Host: " + host + "\r\n";
    var paths = List.of("POST /development/switch/wechat-down", "POST /login");
    for (var path : paths) {
      for (var other :
          List.of(
              own + "Origin: https://evil.example\r\n",
              own + "Origin: null\r\n",
              own + "Origin: http://localhost:1\r\n",
              "Host: rebound.example:" + service.traffic().getPort() + "\r\n")) {
        assertThat(status(service, path, other)).as(path + other).isEqualTo(403);
      }
    }
    var ourPage = own + "Origin: http://" + host + "\r\n";
    assertThat(status(service, paths.get(0), ourPage)).isEqualTo(204);
    assertThat(status(service, paths.get(1), own + "Origin: https://servicewechat.com\r\n"))
        .isNotEqualTo(403);
  }

  private static int status(ServiceProcess service, String line, String headers)
      throws IOException {
    var request = line + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n" + headers;
    return RawHttp.exchange(service.traffic(), request + "\r\n").status();
  }

  @Test
  void developmentJarTakesAppAndRedisFromTheEnvironment() {
    var surroundings = started.add(Surroundings.start());
    var service =
        started.add(
            DevelopmentJar.service()
                .with("WECHAT_APPID", APP.appid())
                .with("WECHAT_SECRET", APP.secret())
                .with("QUARKUS_REDIS_HOSTS", surroundings.redis().uri().toString())
                .start());
    var token = service.client().tokenFor("alice.1");
    service.client().session(token).then().body("appid", equalTo(APP.appid()));
    surroundings.expire(token);
    service.client().session(token).then().statusCode(401);
  }
}
