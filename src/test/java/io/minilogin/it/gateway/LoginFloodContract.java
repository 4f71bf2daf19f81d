package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.gateway.KeptConnection.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A client posts invalid codes from one address, one after the other. The gateway limits the rate
 * before mini-login sends all of them to WeChat, and nobody is logged out.
 */
interface LoginFloodContract {
  /** Many more than the burst of any page. */
  int ATTEMPTS = 3000;

  Stage stage();

  @Test
  default void floodOfInvalidCodesFromOneAddressIsRateLimited() throws IOException {
    try (var mallory = Caller.from("127.0.0.9", stage())) {
      var answer = mallory.floods();
      assertThat(answer.values("Retry-After")).singleElement().asString().matches("[1-9][0-9]*");
      assertThat(answer.values("Cache-Control")).containsExactly("no-store");
      assertThat(answer.values("Content-Type"))
          .singleElement()
          .asString()
          .startsWith("application/problem+json");
      var problem = new JsonObject(answer.body());
      assertThat(problem.getString("type")).isEqualTo("urn:mini-login:problem:throttled");
      assertThat(problem.getInteger("status")).isEqualTo(429);
      assertThat(problem.getString("action")).isEqualTo("retry");
    }
  }

  @Test
  default void floodFromOneAddressDoesNotAffectOtherAddresses() throws IOException {
    try (var mallory = Caller.from("127.0.0.10", stage())) {
      mallory.floods();
      stage().client().login(code()).then().statusCode(200);
    }
  }

  @Test
  default void userAtTheAddressOfAFloodStaysLoggedIn() throws IOException {
    try (var alice = Caller.from("127.0.0.11", stage())) {
      var token = new JsonObject(alice.login(code()).body()).getString("access_token");
      alice.floods();
      assertThat(alice.looks("/session", token).status()).isEqualTo(200);
      assertThat(alice.looks(Stage.path(), token).status()).isEqualTo(200);
    }
  }

  @Test
  default void codeRefusedByTheGatewayStaysUsable() throws IOException {
    try (var alice = Caller.from("127.0.0.12", stage())) {
      alice.floods();
      var code = code();
      assertThat(alice.login(code).status()).isEqualTo(429);
      stage().client().login(code).then().statusCode(200);
    }
  }

  /**
   * Sends requests from its own address, on a connection that it keeps until the gateway closes it.
   */
  final class Caller implements AutoCloseable {
    private final URI gateway;
    private final InetAddress address;
    private KeptConnection connection;

    private Caller(URI gateway, InetAddress address) throws IOException {
      this.gateway = gateway;
      this.address = address;
      this.connection = new KeptConnection(gateway, address);
    }

    static Caller from(String address, Stage stage) throws IOException {
      return new Caller(stage.client().traffic(), InetAddress.getByName(address));
    }

    /** Sends logins and returns the first answer that the gateway itself generates. */
    Answer floods() throws IOException {
      for (int i = 0; i < ATTEMPTS; i++) {
        var answer = login(code("errcode=40029"));
        if (answer.status() == 429) {
          return answer;
        }
        assertThat(answer.status()).isEqualTo(400);
      }
      throw new AssertionError(ATTEMPTS + " invalid codes without a refusal");
    }

    Answer login(String code) throws IOException {
      var body = "{\"code\":\"" + code + "\"}";
      var length = "Content-Length: " + body.length();
      var type = "Content-Type: application/json";
      return ask(new Question("POST", "/login", List.of("Host: gateway", type, length)), body);
    }

    Answer looks(String path, String token) throws IOException {
      return ask(Question.bare(token).withTarget(path), "");
    }

    private Answer ask(Question question, String body) throws IOException {
      connection.send((new String(question.bytes(), UTF_8) + body).getBytes(UTF_8));
      var answer = connection.answer(question.method());
      if (answer.values("Connection").contains("close")) {
        close();
        connection = new KeptConnection(gateway, address);
      }
      return answer;
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }
}
