package io.minilogin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of WeChat's API a request is for.
 *
 * @param path as it came, and as it is checked and sent; empty if it is none that is ever passed on
 * @param query what is sent of it, byte for byte: all but the parameters below
 * @param tokens the values of {@code access_token}, decoded
 * @param appids the values of {@code from_appid}, decoded, each once
 */
record ApiTarget(Optional<String> path, String query, List<String> tokens, List<String> appids) {
  static final String PREFIX = "/wechat";

  /** The path of the call that gives access tokens, in its old form and in its new one. */
  static final String TOKEN = "/cgi-bin/token";

  static final String STABLE_TOKEN = "/cgi-bin/stable_token";

  /** WeChat's paths have no other characters: whatever is encoded wants to be something else. */
  private static final Pattern PATH = Pattern.compile("/[/A-Za-z0-9._~-]*[A-Za-z0-9._~-]");

  private static final Pattern EMPTY_OR_DOTS = Pattern.compile("/\\.*+(?:/|$)");

  /** Whatever begins so gives away or uses up what is the service's alone. */
  private static final List<String> NEVER =
      List.of(
          TOKEN,
          STABLE_TOKEN,
          "/cgi-bin/clear_quota/v2",
          "/cgi-bin/component",
          "/sns",
          "/tcb",
          "/wxa/checksession",
          "/wxa/resetusersessionkey");

  private static final int MOST_DECODINGS = 3;

  /** Characters of a path in the log. */
  private static final int LONGEST_LOGGED = 64;

  /** Some servers take what follows for a parameter, or for the end of the path. */
  private static final Pattern SEGMENT_END = Pattern.compile("[;#\\x00-\\x20]");

  private static final Set<String> OTHER_TOKENS =
      Set.of("cloudbase_access_token", "component_access_token", "authorizer_access_token");

  /** Of a request's target, which begins with {@value #PREFIX}. */
  static ApiTarget of(String target) {
    var mark = target.indexOf('?');
    var path = target.substring(0, mark < 0 ? target.length() : mark);
    var kept = new ArrayList<String>();
    var tokens = new ArrayList<String>();
    var appids = new ArrayList<String>();
    if (mark >= 0) {
      for (var parameter : target.substring(mark + 1).split("&", -1)) {
        var equals = parameter.indexOf('=');
        var name = equals < 0 ? parameter : parameter.substring(0, equals);
        var value = equals < 0 ? "" : parameter.substring(equals + 1);
        var meaning = decoded(name).strip().toLowerCase(Locale.ROOT);
        if (meaning.equals("access_token")) {
          tokens.add(decoded(value));
        } else if (meaning.equals("from_appid")) {
          appids.add(decoded(value));
        } else if (!OTHER_TOKENS.contains(meaning)) {
          kept.add(parameter);
        }
      }
    }
    return new ApiTarget(
        allowed(path), ascii(String.join("&", kept)), tokens, appids.stream().distinct().toList());
  }

  /**
   * Whether a segment of the path is "." or "..", also if that is encoded. A gateway may have taken
   * such a path for another one.
   */
  static boolean hasDotSegment(String target) {
    var mark = target.indexOf('?');
    var path = target.substring(0, mark < 0 ? target.length() : mark);
    for (int i = 0; i < MOST_DECODINGS && path.indexOf('%') >= 0; i++) {
      path = decoded(path.replace("+", "%2B"));
    }
    return Stream.of(path.replace('\\', '/').split("/", -1))
        .map(segment -> SEGMENT_END.split(segment, 2)[0])
        .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
  }

  /** Whether an endpoint of the service's own is meant, which stands in for WeChat's. */
  boolean is(String own) {
    return path.filter(own::equals).isPresent();
  }

  /** Whether this is passed on if a client may call it. */
  boolean isPassedOn() {
    return path.filter(
            it -> {
              // WeChat may take a path with other letters for the same.
              var lower = it.toLowerCase(Locale.ROOT);
              return NEVER.stream()
                  .noneMatch(never -> lower.equals(never) || lower.startsWith(never + "/"));
            })
        .isPresent();
  }

  /**
   * Returns the first two segments of the path for the log, such as {@code /cgi-bin/message}, at
   * most {@value #LONGEST_LOGGED} characters. Empty for a path that WeChat's API cannot have.
   */
  Optional<String> firstSegments() {
    return path.map(
        it -> {
          var second = it.indexOf('/', 1);
          var third = second < 0 ? -1 : it.indexOf('/', second + 1);
          var end = third < 0 ? it.length() : third;
          return it.substring(0, Math.min(end, LONGEST_LOGGED));
        });
  }

  private static Optional<String> allowed(String path) {
    return Optional.of(path)
        .filter(it -> it.startsWith(PREFIX))
        .map(it -> it.substring(PREFIX.length()))
        .filter(PATH.asMatchPredicate())
        .filter(it -> !EMPTY_OR_DOTS.matcher(it).find());
  }

  /** As it is where an escape is malformed. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Bytes that no URL may have, which Netty read as Latin-1, would not leave as they came. */
  private static String ascii(String query) {
    var text = new StringBuilder(query.length());
    for (int i = 0; i < query.length(); i++) {
      var c = query.charAt(i);
      if (c > ' ' && c < 0x7F && c != '#') {
        text.append(c);
      } else {
        text.append("%%%02X".formatted((int) c));
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "ApiTarget";
  }
}
