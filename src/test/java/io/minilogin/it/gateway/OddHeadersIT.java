package io.minilogin.it.gateway;

import io.minilogin.it.SharedService;
import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Some gateways pass on headers that were meant for the gateway itself. A check never starts
 * another protocol, and these headers do not affect the answer.
 */
@ExtendWith(SharedService.class)
class OddHeadersIT {
  private final Asker asker;

  OddHeadersIT(Shared shared) {
    this.asker = Asker.of(shared);
  }

  @Test
  void webSocketHandshakeIsAnsweredWithTheVerdict() throws IOException {
    asker.judgedByTheTokenAlone(
        asker
            .question()
            .with(
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
  }

  @Test
  void upgradeToHttp2IsAnsweredWithTheVerdict() throws IOException {
    asker.judgedByTheTokenAlone(
        asker
            .question()
            .with(
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAAP__"));
  }

  @Test
  void hopByHopHeadersAreIgnored() throws IOException {
    asker.judgedByTheTokenAlone(
        asker
            .question()
            .with(
                "Connection: keep-alive, TE, Authorization",
                "Keep-Alive: timeout=5",
                "TE: trailers",
                "Trailer: X-WX-OPENID",
                "Proxy-Authorization: Basic dXNlcjpwYXNz",
                "Proxy-Connection: close"));
  }

  @Test
  void forwardingHeadersAreIgnored() throws IOException {
    asker.judgedByTheTokenAlone(
        asker
            .question()
            .with(
                "X-Forwarded-For: 127.0.0.1, ::1",
                "X-Forwarded-Host: mini-login:9000",
                "X-Forwarded-Method: OPTIONS",
                "X-Forwarded-Prefix: /public",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Uri: /q/health/../login",
                "Forwarded: for=127.0.0.1;host=localhost;proto=https",
                "X-Original-URL: /login",
                "X-Rewrite-URL: /login",
                "X-HTTP-Method-Override: POST",
                "X-Envoy-Original-Path: /login",
                "X-Envoy-Auth-Partial-Body: true",
                "X-WX-OPENID: forged",
                "User-Agent: kube-probe/1.31",
                "Accept: text/html",
                "Content-Type: nonsense"));
  }
}
