package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README's first command starts: one file, that needs nothing else. */
@Tag("long")
class DevelopmentArtefactIT {
  private static final Path JAR = Path.of("target", "dev", "mini-login-dev.jar");

  @RegisterExtension private final Started started = new Started();

  @BeforeAll
  static void isBuilt() {
    assumeTrue(Files.exists(JAR), JAR + " is not there: ./mvnw -Pdev package builds it");
  }

  @Test
  void itNeedsNeitherRedisNorWechat() {
    var service = started.add(jar().start());
    var token = service.client().tokenFor("alice.1");
    service.client().session(token).then().body("appid", equalTo("wx0000000000000000"));
    given()
        .baseUri(service.traffic().toString())
        .get("/simulator/user-info?user=alice")
        .then()
        .statusCode(200)
        .body("errMsg", equalTo("getUserInfo:ok"));
    // Java's own format takes two lines, with the method's name in the first.
    assertThat(service.lines()).noneMatch(line -> line.contains("printStartupTime"));
  }

  @Test
  void itTakesAnAppAndARedisFromTheEnvironment() {
    var surroundings = started.add(Surroundings.start());
    var service =
        started.add(
            jar()
                .with("WECHAT_APPID", APP.appid())
                .with("WECHAT_SECRET", APP.secret())
                .with("QUARKUS_REDIS_HOSTS", surroundings.redis().uri().toString())
                .start());
    var token = service.client().tokenFor("alice.1");
    service.client().session(token).then().body("appid", equalTo(APP.appid()));
    surroundings.expire(token);
    service.client().session(token).then().statusCode(401);
  }

  private static ServiceProcess.Builder jar() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ServiceProcess.Builder().command(List.of(java.toString(), "-jar", JAR.toString()));
  }
}
