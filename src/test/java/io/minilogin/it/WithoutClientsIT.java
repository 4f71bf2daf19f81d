package io.minilogin.it;

import static io.minilogin.it.BackendClient.assertProblem;
import static io.minilogin.it.BackendClient.send;
import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service without configured clients has no endpoints for clients. */
@Tag("long")
class WithoutClientsIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service = started.add(surroundings.service().start());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/introspect",
        "/introspect/",
        "/introspect;x=y",
        "/introspect/x",
        "/%69ntrospect",
        "/revoke",
        "/revoke?token=x",
        "/users",
        "/users/wx1111111111111111/o1/sessions",
        "/users/wx1111111111111111/o1/sessions/"
      })
  void everyMethodIsNotFound(String path) {
    for (var method : new String[] {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
      harmless(new GatewayClient(service.client()).request().request(method, path))
          .then()
          .spec(problem("not-found", 404, "none"));
    }
    service.client().request().head(path).then().statusCode(404);
  }

  @Test
  void introspectionAndRevocationAreNotFound() {
    var token = service.client().tokenFor(code());
    var gateway = new GatewayClient(service.client());
    gateway.introspect(token).then().spec(problem("not-found", 404, "none"));
    gateway.revoke(token).then().spec(problem("not-found", 404, "none"));
    service.client().session(token).then().statusCode(200);
  }

  @Test
  void relayIsNotFound() {
    var backend = BackendClient.of(service);
    assertProblem(send(backend.anonymousTo("/wxa/x")), 404, "not-found", 48001);
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/stable_token").POST(BodyPublishers.ofString("{}"))),
        404,
        "not-found",
        48001);
  }

  @Test
  void connectionIsReusableAfterAnUnreadBody() throws IOException {
    var form = "token=" + "x".repeat(10_000);
    var post =
        "POST /introspect HTTP/1.1\r\nHost: x\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + form.length()
            + "\r\n\r\n"
            + form;
    var answers = RawHttp.exchange(service.traffic(), post + post + RawHttp.get("/session"));
    assertThat(new String(answers.text().getBytes(UTF_8), ISO_8859_1).split("HTTP/1.1 "))
        .satisfiesExactly(
            start -> assertThat(start).isEmpty(),
            first -> assertThat(first).startsWith("404"),
            second -> assertThat(second).startsWith("404"),
            third -> assertThat(third).startsWith("401"));
  }
}
