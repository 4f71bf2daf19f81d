package io.minilogin.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.push.PushRoutes.Route;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushRoutesTest {
  private static final String URL = "http://backend/events";

  @Test
  void firstMatchingRouteGetsTheEvent() {
    var routes =
        Pushing.routes(
            "xpay_*, minigame_deliver_goods", URL, "xpay_refund_notify", URL, "user_*", URL);
    assertThat(routeOf(routes, "xpay_refund_notify")).contains("push.routes[0]");
    assertThat(routeOf(routes, "minigame_deliver_goods")).contains("push.routes[0]");
    assertThat(routeOf(routes, "user_info_modified")).contains("push.routes[2]");
    assertThat(routeOf(routes, "text")).isEmpty();
    assertThat(routeOf(routes, "minigame_deliver_goods_2")).isEmpty();
  }

  @Test
  void starAloneTakesEveryEvent() {
    assertThat(routeOf(Pushing.routes("*", URL), "anything")).isPresent();
  }

  @Test
  void serviceWithoutRoutesStarts() {
    assertThat(Pushing.routes().all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', push.routes[0].events",
    "' , ', push.routes[0].events",
    "a*b, push.routes[0].events",
    "**, push.routes[0].events",
    "a b, push.routes[0].events"
  })
  void invalidEventsPreventTheStart(String events, String property) {
    assertThatThrownBy(() -> Pushing.routes(events, URL))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(property);
  }

  @ParameterizedTest
  @CsvSource({"''", "backend", "ftp://backend", "http:///path", "http://u:pass word@host"})
  void invalidUrlPreventsTheStartAndIsNotQuoted(String url) {
    assertThatThrownBy(() -> Pushing.routes("*", url))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("push.routes[0].url")
        .hasMessageNotContaining("pass word");
  }

  @Test
  void routeWithoutAUrlPreventsTheStart() {
    assertThatThrownBy(() -> Pushing.routes(Map.of("push.routes[0].events", "*")))
        .hasMessageContaining("push.routes[0].url");
  }

  @Test
  void routeIsNamedByItsIndexAfterAGap() {
    var properties =
        Map.of(
            "push.routes[9].events",
            "a*",
            "push.routes[9].url",
            URL,
            "push.routes[10].events",
            "*",
            "push.routes[10].url",
            URL);

    assertThat(routeOf(Pushing.routes(properties), "abc")).hasValue("push.routes[9]");
    assertThat(routeOf(Pushing.routes(properties), "xyz")).hasValue("push.routes[10]");
  }

  @Test
  void textOfARouteContainsNoPassword() {
    assertThat(Pushing.routes("*", "http://user:password@host/").all().toString())
        .doesNotContain("password");
  }

  @Test
  void routesShareTheLimitsEqually() {
    assertThat(RouteShares.most(1, 1L << 40)).isEqualTo(128);
    assertThat(RouteShares.most(4, 1L << 40)).isEqualTo(32);
    assertThat(RouteShares.most(2, 64L << 20)).isEqualTo(16);
    assertThat(RouteShares.most(500, 1L << 20)).isEqualTo(1);
  }

  private static Optional<String> routeOf(PushRoutes routes, String event) {
    return routes.find(event).map(Route::name);
  }
}
