package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.SharedService.Shared;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A hundred thousand bodies that are almost right, a quarter for each endpoint: whatever comes is
 * answered, and never as if it were this service's fault.
 */
@ExtendWith(SharedService.class)
class OpenDataFuzzIT {
  private static final int REQUESTS = 100_000;
  private static final int AT_ONCE = 32;
  private static final long SEED = 20261124;
  private static final List<String> PATHS =
      List.of(
          "/session/open-data",
          "/session/phone-number",
          "/session/key/check",
          "/session/key/reset");

  private final Shared shared;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Mutations mutations = new Mutations(new Random(SEED));
  private final Map<String, Integer> kinds = new TreeMap<>();

  OpenDataFuzzIT(Shared shared) {
    this.shared = shared;
  }

  @Test
  void noBodyIsAnsweredAsAFailureOfTheService() throws InterruptedException {
    var underWay = new Semaphore(AT_ONCE);
    var tokens = new String[8];
    var bodies = new String[8][];
    for (int i = 0; i < tokens.length; i++) {
      var user = newUser();
      tokens[i] = shared.client().tokenFor(codeOf(user));
      bodies[i] = bodies(user);
    }
    for (int i = 0; i < REQUESTS; i++) {
      var path = PATHS.get(i % PATHS.size());
      // One user's key is reset all the time, the others' are not, so that their data stay good.
      var user = path.endsWith("reset") ? 0 : i / PATHS.size() % tokens.length;
      var body = bodies[user][path.endsWith("open-data") ? i / 64 % 2 : 2];
      underWay.acquire();
      http.sendAsync(
              request(path, tokens[user], mutations.of(body.getBytes(UTF_8))),
              BodyHandlers.ofString())
          .whenComplete(
              (answer, failure) -> {
                note(path, answer, failure);
                underWay.release();
              });
    }
    underWay.acquire(AT_ONCE);
    System.err.println("OpenDataFuzzIT: " + kinds);
    assertThat(kinds.values().stream().mapToInt(n -> n).sum()).isEqualTo(REQUESTS);
    assertThat(kinds.keySet()).noneMatch(kind -> kind.contains(" 5") || kind.contains("failed"));
    // Not all of them were refused at the door.
    assertThat(kinds)
        .containsKeys(
            PATHS.get(0) + " 200",
            PATHS.get(0) + " 400",
            PATHS.get(0) + " 409",
            PATHS.get(0) + " 422",
            PATHS.get(1) + " 200",
            PATHS.get(1) + " 400",
            PATHS.get(2) + " 200",
            PATHS.get(3) + " 204");
    shared.client().session(tokens[0]).then().statusCode(200);
  }

  private String[] bodies(String user) {
    return new String[] {
      shared.wechat().userInfo(APP.appid(), user).json(),
      shared.wechat().phoneNumberData(APP.appid(), user).json(),
      "{\"code\":\"" + code() + "\"}"
    };
  }

  private HttpRequest request(String path, String token, byte[] body) {
    return HttpRequest.newBuilder(URI.create(shared.service().traffic() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private synchronized void note(String path, HttpResponse<String> answer, Throwable failure) {
    kinds.merge(
        path + " " + (failure == null ? answer.statusCode() : "failed: " + failure),
        1,
        Integer::sum);
  }
}
