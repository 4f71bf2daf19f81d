package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The configured routes of events. They are read at the start and do not change. */
@Startup
@Singleton
class PushRoutes {
  /**
   * A route.
   *
   * @param name the name of its property, such as {@code push.routes[0]}
   * @param events names of events or, with a {@code *} at the end, beginnings of names
   * @param url the URL of the backend, which may contain a user and a password
   */
  record Route(String name, List<String> events, URI url) {
    private boolean takes(String event) {
      return events.stream()
          .anyMatch(
              each ->
                  each.endsWith("*")
                      ? event.startsWith(each.substring(0, each.length() - 1))
                      : event.equals(each));
    }

    /** Returns the URL without a user, which an exception could quote. */
    String address() {
      return url.getRawUserInfo() == null
          ? url.toString()
          : url.toString().replaceFirst("//[^/@]*@", "//");
    }

    /** Returns the Authorization header for the user and the password in the URL. */
    Optional<String> authorization() {
      return Optional.ofNullable(url.getRawUserInfo())
          // In this part of a URL, a plus sign stands for itself.
          .map(user -> URLDecoder.decode(user.replace("+", "%2B"), UTF_8).getBytes(UTF_8))
          .map(user -> "Basic " + Base64.getEncoder().encodeToString(user));
    }

    /** Returns the name, because the URL may contain a password. */
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Pattern EVENTS = Pattern.compile("[A-Za-z0-9_.-]*\\*?");

  private final List<Route> routes;

  PushRoutes(PushSettings settings, SmallRyeConfig config) {
    var read = new ArrayList<Route>();
    for (var name : Setting.elements(config, "push.routes")) {
      read.add(route(name, settings.routes().get(read.size())));
    }
    routes = List.copyOf(read);
  }

  /** Returns the first route that takes this event. */
  Optional<Route> find(String event) {
    return routes.stream().filter(route -> route.takes(event)).findFirst();
  }

  List<Route> all() {
    return routes;
  }

  private static Route route(String name, PushSettings.Route route) {
    var events =
        Stream.of(Setting.of(name + ".events", route.events()).split(","))
            .map(String::strip)
            .filter(event -> !event.isEmpty())
            .toList();
    Setting.require(
        !events.isEmpty() && events.stream().allMatch(EVENTS.asMatchPredicate()),
        name + ".events must be names of events, separated by commas, each with an optional *");
    var url = Setting.httpUrl(name + ".url", Setting.of(name + ".url", route.url()));
    return new Route(name, events, url);
  }
}
