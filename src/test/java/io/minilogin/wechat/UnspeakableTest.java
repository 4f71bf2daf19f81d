package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records print their components unless told otherwise; these must not. */
class UnspeakableTest {
  private static final String SECRET = "s3cret-of-16-chars";

  static Stream<Object> whatHoldsASecret() {
    var apps =
        ConfiguredApps.of(
            Map.of(
                "wechat.appid",
                "wx1",
                "wechat.secret",
                SECRET,
                "wechat.previous-secret",
                SECRET + "-0ld"));
    var info = new PhoneNumberReply.Info(SECRET, SECRET, TextNode.valueOf(SECRET));
    return Stream.of(
        new Secret(SECRET),
        apps,
        apps.all(),
        apps.only(),
        new ExchangeOutcome.Exchanged(SECRET, Optional.of(SECRET), new Secret(SECRET)),
        new Code2SessionReply(SECRET, SECRET, SECRET, null, SECRET),
        new StableTokenRequest("client_credential", "wx1", SECRET, false),
        new StableTokenReply(SECRET, 7200, null, SECRET),
        new IssuedAccessToken(new Secret(SECRET), Duration.ofHours(2)),
        new PhoneCode(SECRET),
        info,
        new PhoneNumberReply(info, 0, SECRET),
        new PhoneNumber(SECRET, SECRET, "86"),
        new SessionKeyReply(SECRET, 0, SECRET));
  }

  @ParameterizedTest
  @MethodSource("whatHoldsASecret")
  void neitherSecretNorSessionKeyNorOpenidIsPrinted(Object data) {
    assertThat(data.toString()).doesNotContain(SECRET);
  }
}
