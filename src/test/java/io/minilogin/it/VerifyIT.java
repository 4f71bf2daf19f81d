package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway learns the user of a request from its Authorization header alone. */
@ExtendWith(SharedService.class)
class VerifyIT {
  private final Client client;

  VerifyIT(Shared shared) {
    this.client = shared.client();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/verifyx", "/Verify", "/x/verify", "//verify"})
  void otherPathsAreNotFound(String path) throws IOException {
    assertThat(raw(path, "Authorization: Bearer " + client.tokenFor(code())).status())
        .isEqualTo(404);
  }

  @Test
  void checksAreCountedByOutcome() {
    var accepted = count("success");
    var refused = count("token-missing");
    client.verify(client.tokenFor(code())).then().statusCode(200);
    client.request().get("/verify").then().statusCode(401);
    assertThat(count("success")).isGreaterThan(accepted);
    assertThat(count("token-missing")).isGreaterThan(refused);
  }

  private RawHttp.Answer raw(String path, String... headers) throws IOException {
    return RawHttp.exchange(client.traffic(), RawHttp.get(path, headers));
  }

  private double count(String outcome) {
    return Pattern.compile(
            "mini_login_requests_seconds_count\\{operation=\"verify\",outcome=\""
                + outcome
                + "\"} (\\S+)")
        .matcher(client.metrics())
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }
}
