package io.minilogin.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class SimulatorRelayTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @TestHTTPResource URI service;
  WechatSimulator wechat;

  @Test
  void clientApiIsServedOnThePortOfTheService() throws Exception {
    login("wilma.relay.1");
    var profile = send("GET", "/simulator/user-info?user=wilma", "");
    assertThat(profile.statusCode()).isEqualTo(200);
    assertThat(profile.body()).contains("getUserInfo:ok");
  }

  @Test
  void bodyIsRelayed() throws Exception {
    login("wilma.relay.2");
    var data = send("POST", "/simulator/open-data?user=wilma", "{}");
    assertThat(data.statusCode()).isEqualTo(200);
    assertThat(data.body()).contains("encryptedData");
  }

  @Test
  void queryIsRelayedUnchanged() throws Exception {
    send("GET", "/simulator/user-info?user=a%26b%20%E5%B0%8F&age=%2B", "");
    var requests = wechat.requests("/simulator/user-info");
    assertThat(requests.get(requests.size() - 1).first("user")).isEqualTo("a&b 小");
    assertThat(requests.get(requests.size() - 1).first("age")).isEqualTo("+");
  }

  private void login(String code) throws Exception {
    assertThat(send("POST", "/login", "{\"code\":\"" + code + "\"}").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> send(String method, String target, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(service.resolve(target))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
