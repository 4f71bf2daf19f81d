package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.app.ConfiguredApps;
import io.minilogin.observe.IncidentsWith;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppChoiceTest {
  private static final String SHOP = "wx1111111111111111";
  private static final String GAME = "wx2222222222222222";

  private static final UnknownApps UNKNOWN = IncidentsWith.unknownApps(Clock.systemUTC());

  private final AppChoice one =
      new AppChoice(ConfiguredApps.one(SHOP, "s3cret-of-16-chars"), UNKNOWN);
  private final AppChoice two = new AppChoice(ConfiguredApps.two(SHOP, GAME), UNKNOWN);

  @Test
  void bodySelectsTheApp() {
    assertThat(chosen(two, GAME, null)).isEqualTo(GAME);
  }

  @Test
  void bodyTakesPrecedenceOverTheReferer() {
    assertThat(chosen(two, GAME, referer(SHOP))).isEqualTo(GAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/0/page-frame.html", "/devtools/page-frame.html", "/12/", "/"})
  void refererSelectsTheAppIfTheBodyDoesNot(String rest) {
    assertThat(chosen(two, null, "https://servicewechat.com/" + GAME + rest)).isEqualTo(GAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://servicewechat.com/",
        "https://servicewechat.com/wx2222222222222222",
        "http://servicewechat.com/wx2222222222222222/0/page-frame.html",
        "https://servicewechat.com.example.org/wx2222222222222222/0/page-frame.html",
        "https://example.org/?https://servicewechat.com/wx2222222222222222/0/page-frame.html",
        "https://servicewechatxcom/wx2222222222222222/0/page-frame.html"
      })
  void foreignRefererIsIgnored(String referer) {
    assertThat(chosen(one, null, referer)).isEqualTo(SHOP);
    assertRefused(two, null, referer);
  }

  @Test
  void onlyAppNeedsNoAppid() {
    assertThat(chosen(one, null, null)).isEqualTo(SHOP);
  }

  @Test
  void severalAppsRequireAnAppid() {
    assertRefused(two, null, null);
  }

  @Test
  void unknownAppIsRejectedEvenWithOnlyOneApp() {
    assertRefused(one, GAME, null);
    assertRefused(one, GAME, referer(SHOP));
    assertRefused(one, null, referer(GAME));
    assertRefused(one, "", null);
  }

  private static String chosen(AppChoice choice, String appid, String referer) {
    return choice.choose(Optional.ofNullable(appid), Optional.ofNullable(referer)).appid();
  }

  private static void assertRefused(AppChoice choice, String appid, String referer) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> chosen(choice, appid, referer))
        .satisfies(e -> assertThat(e.problem().type()).isEqualTo(ProblemType.UNKNOWN_APP));
  }

  private static String referer(String appid) {
    return "https://servicewechat.com/" + appid + "/0/page-frame.html";
  }
}
