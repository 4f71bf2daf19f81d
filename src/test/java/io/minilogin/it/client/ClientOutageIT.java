package io.minilogin.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.Stopped;
import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Started;
import io.minilogin.it.Surroundings;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An outage of Redis does not log out the users of a mini program. */
@Tag("long")
@Tag("jar")
class ClientOutageIT {
  @RegisterExtension private final Started started = new Started();

  @Test
  void requestIsRetriedOnceAndTheTokenIsKept() {
    var surroundings = started.add(Surroundings.start());
    ServiceProcess service = started.add(surroundings.service().start());
    var phone = started.add(MiniProgram.of(service.traffic()));
    phone.resolved("return client.session()");
    try (var stopped = Stopped.redis(surroundings.redis())) {
      var error = phone.rejected("return client.session()");
      assertThat(error.getString("type")).isEqualTo("store-unavailable");
      assertThat(error.getString("action")).isEqualTo("retry");
      assertThat(error.getInt("retryAfter")).isPositive();
      assertThat(Collections.frequency(phone.requests(), "GET /session")).isEqualTo(3);
    }
    phone.resolved("return client.session()");
    assertThat(phone.logins()).isEqualTo(1);
    service.kill();
    var error = phone.rejected("return client.session()");
    assertThat(error.getInt("status")).isZero();
    assertThat(error.getString("action")).isEqualTo("retry");
    assertThat(phone.logins()).isEqualTo(1);
  }
}
