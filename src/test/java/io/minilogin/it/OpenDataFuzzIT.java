package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.OpenData;
import io.minilogin.it.SharedService.Shared;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sends almost valid bodies, a quarter to each endpoint. The system property {@code fuzz.bodies}
 * sets their number. Every request is answered, and never with an internal error.
 */
@Tag("long")
@ExtendWith(SharedService.class)
@Order(1)
class OpenDataFuzzIT {
  private static final int REQUESTS = Integer.getInteger("fuzz.bodies", 20_000);
  private static final int AT_ONCE = 32;
  private static final long SEED = 20261124;
  private static final List<String> PATHS =
      List.of(
          "/session/open-data",
          "/session/phone-number",
          "/session/key/check",
          "/session/key/reset");

  private final String plaintext =
      "{\"openId\":\"o\",\"unionId\":\"u\",\"phoneNumber\":\"13\",\"watermark\":{\"appid\":\"%s\",\"timestamp\":%d}}"
          .formatted(APP.appid(), Instant.now().getEpochSecond());

  /** A logged-in user with the values that a client would post. */
  private record User(String token, String sessionKey, OpenData userInfo, String phoneCode) {}

  private final Shared shared;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random = new Random(SEED);
  private final Mutations mutations = new Mutations(random);
  private final Map<String, Integer> kinds = new TreeMap<>();

  OpenDataFuzzIT(Shared shared) {
    this.shared = shared;
  }

  @Test
  void noBodyCausesAnInternalError() throws InterruptedException {
    var underWay = new Semaphore(AT_ONCE);
    var users = Stream.generate(this::newUser).limit(8).toList();
    for (int i = 0; i < REQUESTS; i++) {
      var path = PATHS.get(i % PATHS.size());
      // The key of one user is reset all the time. The keys of the others are not, so that their
      // data stay valid.
      var user = users.get(path.endsWith("reset") ? 0 : i / PATHS.size() % users.size());
      var body = path.endsWith("open-data") ? openData(user) : mutations.of(user.phoneCode());
      underWay.acquire();
      http.sendAsync(request(path, user.token(), body), BodyHandlers.ofString())
          .whenComplete(
              (answer, failure) -> {
                note(path, answer, failure);
                underWay.release();
              });
    }
    underWay.acquire(AT_ONCE);
    assertThat(kinds.values().stream().mapToInt(n -> n).sum()).isEqualTo(REQUESTS);
    assertThat(kinds.keySet()).noneMatch(kind -> kind.contains(" 5") || kind.contains("failed"));
    // Some of the bodies must pass the first validation.
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
    shared.client().session(users.get(0).token()).then().statusCode(200);
  }

  private User newUser() {
    var name = Codes.newUser();
    var token = shared.client().tokenFor(codeOf(name));
    return new User(
        token,
        shared.wechat().sessionKeyOf(APP.appid(), name),
        shared.wechat().userInfo(APP.appid(), name),
        "{\"code\":\"" + codeOf(name) + "\"}");
  }

  /** Returns data that were changed in the posted object, in the ciphertext or in the plaintext. */
  private byte[] openData(User user) {
    var data = user.userInfo();
    return switch (random.nextInt(3)) {
      case 0 -> mutations.of(data.json());
      case 1 ->
          new OpenData(
                  mutations.ofBase64(data.encryptedData()),
                  data.iv(),
                  data.rawData(),
                  data.signature())
              .json()
              .getBytes(UTF_8);
      default ->
          OpenData.encrypt(user.sessionKey(), new String(mutations.of(plaintext), UTF_8))
              .json()
              .getBytes(UTF_8);
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
