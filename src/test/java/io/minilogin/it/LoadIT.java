package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.SharedService.Shared;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many concurrent requests are all answered. */
@ExtendWith(SharedService.class)
class LoadIT {
  private final Shared shared;

  LoadIT(Shared shared) {
    this.shared = shared;
  }

  @Test
  void threeHundredConcurrentLoginsSucceed() {
    var logins = IntStream.range(0, 300).mapToObj(i -> Crowd.login(shared.service(), Codes.code()));
    assertThat(Crowd.kinds(Crowd.send(logins))).isEqualTo(Map.of("200", 300L));
  }

  @Test
  void fourHundredConcurrentReadsSucceed() {
    var token = shared.client().tokenFor(Codes.code());
    var reads = IntStream.range(0, 400).mapToObj(i -> Crowd.session(shared.service(), token));
    assertThat(Crowd.kinds(Crowd.send(reads))).isEqualTo(Map.of("200", 400L));
  }

  @Test
  void tenConcurrentLoginsOfOneUserSucceed() {
    var user = Codes.newUser();
    var logins =
        IntStream.range(0, 10).mapToObj(i -> Crowd.login(shared.service(), Codes.codeOf(user)));
    assertThat(Crowd.kinds(Crowd.send(logins))).isEqualTo(Map.of("200", 10L));
  }
}
