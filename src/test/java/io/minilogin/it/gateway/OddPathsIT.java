package io.minilogin.it.gateway;

import io.minilogin.it.SharedService;
import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Some gateways use the path of the client's request in the check. Any path and any query is
 * accepted, because a backend may use it. The verdict depends on the token only.
 */
@ExtendWith(SharedService.class)
class OddPathsIT {
  private final Asker asker;

  OddPathsIT(Shared shared) {
    this.asker = Asker.of(shared);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/verify/",
        "/verify//",
        "/verify/admin/../x",
        "/verify/../session",
        "/verify/../../../etc/passwd",
        "/verify/%2e%2e/%2e%2e/login",
        "/verify/..%2f..%2flogin",
        "/verify/a;b",
        "/verify/:8080",
        "/verify/@x",
        "/verify/%00",
        "/verify/%E4%BD%A0%E5%A5%BD",
        "/verify?x=1",
        "/verify/orders?x=/../../../login",
        "/verify?access_token=x&token=y",
        "/verify?a[]=1"
      })
  void pathAndQueryAreIgnored(String target) throws IOException {
    asker.judgedByTheTokenAlone(asker.question().withTarget(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/verify/%",
        "/verify/%zz",
        "/verify/{id}",
        "/verify/[x]",
        "/verify?x=100%",
        "/verify?filter={\"a\":[1]}",
        "/verify?a|b^c`d\\e<f>g"
      })
  void invalidPathAndQueryAreIgnored(String target) throws IOException {
    asker.judgedByTheTokenAlone(asker.question().withTarget(target));
  }

  @Test
  void pathAndQueryMayFillTheHeaderLimit() throws IOException {
    asker.judgedByTheTokenAlone(asker.question().withTarget("/verify/" + "a".repeat(15_000)));
  }
}
