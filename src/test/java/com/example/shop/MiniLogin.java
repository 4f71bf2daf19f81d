package com.example.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Has payments signed and calls WeChat, without a session key, a payment key or a secret. */
public final class MiniLogin {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private final String authorization;

  public MiniLogin(URI address, String clientId, String clientSecret) {
    var credentials = (clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8);
    this.address = address.toString();
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  /** Returns the arguments of wx.requestVirtualPayment; empty if the phone must log in again. */
  public Optional<Map<String, String>> payment(String appid, String openid, String signData)
      throws IOException, InterruptedException {
    var path = "/users/" + appid + "/" + openid + "/signature";
    var reply = post(path, Map.of("data", signData, "uri", "requestVirtualPayment"));
    if (reply.statusCode() == 409) {
      return Optional.empty();
    }
    var signatures = json(reply);
    return Optional.of(
        Map.of(
            "mode",
            "short_series_goods",
            "signData",
            signData,
            "paySig",
            signatures.get("pay_sig").textValue(),
            "signature",
            signatures.get("signature").textValue()));
  }

  /** Calls WeChat, for example "/xpay/query_user_balance". mini-login adds the signatures. */
  public JsonNode call(String appid, String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    return json(post("/wechat" + path + "?from_appid=" + appid, body));
  }

  private HttpResponse<byte[]> post(String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> reply) throws IOException {
    if (reply.statusCode() != 200) {
      throw new IOException("mini-login answered with status " + reply.statusCode());
    }
    return JSON.readTree(reply.body());
  }
}
