package io.minilogin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class RequestBodyTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final int LIMIT = 16 * 1024;

  @TestHTTPResource URI service;

  @ParameterizedTest
  @EnumSource
  void aClientThatOffersHttp2IsServedOverHttp1(HttpClient.Version version) throws Exception {
    var client = HttpClient.newBuilder().version(version).build();
    var answer = post(client, "{\"code\":\"frank." + version + "\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOverTheLimitIsAProblem(HttpClient.Version version) throws Exception {
    var client = HttpClient.newBuilder().version(version).build();
    var answer = post(client, "{\"code\":\"frank\"}" + " ".repeat(LIMIT));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("urn:mini-login:problem:content-too-large");
  }

  @Test
  void aBodyUpToTheLimitIsRead() throws Exception {
    var start = "{\"code\":\"frank.largest\"}";
    var answer = post(http1(), start + " ".repeat(LIMIT - start.length()));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{", "{\"code\":1}", "{\"code\":\"a\",\"code\":\"b\"}"})
  void aMalformedBodyIsAProblem(String body) throws Exception {
    var answer = post(http1(), body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("urn:mini-login:problem:invalid-request");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  private static HttpClient http1() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private HttpResponse<String> post(HttpClient client, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(service.resolve("/login"))
            .timeout(LONG)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
