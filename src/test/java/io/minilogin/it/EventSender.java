package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.PushSender;
import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import io.minilogin.dev.PushSender.Push;
import io.minilogin.dev.WechatSimulator.App;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Sends events of one app as WeChat's push server does. */
record EventSender(App app, PushSender sender) {
  static final String TOKEN = "t0ken-of-the-push";
  static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  static final String OPENID = "o-of-an-event";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static EventSender of(App app) {
    return of(app, TOKEN, AES_KEY, Clock.systemUTC());
  }

  static EventSender of(App app, String token, String aesKey, Clock clock) {
    return new EventSender(app, new PushSender(app.appid(), token, Optional.of(aesKey), clock));
  }

  static String newId() {
    return UUID.randomUUID().toString();
  }

  /** Returns an event for {@link EventBackend}. */
  ObjectNode event(String name, String id, String what) {
    return sender.event(name, OPENID).put("Id", id).put("Do", what);
  }

  /** Returns an encrypted event for {@link EventBackend}. */
  Push push(String name, String id, String what) {
    return sender.push(Mode.SAFE, Format.JSON, event(name, id, what));
  }

  HttpResponse<String> post(ServiceProcess service, Push push) {
    return send(service, push).join();
  }

  CompletableFuture<HttpResponse<String>> send(ServiceProcess service, Push push) {
    return send(request(service.traffic(), push).build());
  }

  HttpRequest.Builder request(URI traffic, Push push) {
    return HttpRequest.newBuilder(URI.create(traffic + push.target("/push/" + app.appid())))
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", push.contentType())
        .POST(BodyPublishers.ofString(push.body(), UTF_8));
  }

  HttpResponse<String> check(ServiceProcess service, Push check) {
    var uri = URI.create(service.traffic() + check.target("/push/" + app.appid()));
    return send(HttpRequest.newBuilder(uri).build()).join();
  }

  static CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return HTTP.sendAsync(request, BodyHandlers.ofString(UTF_8));
  }
}
