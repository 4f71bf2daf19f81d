package io.minilogin.relay;

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
 * The target of a call to WeChat's API, parsed from the request URI.
 *
 * @param path the path, which is checked and sent unchanged; empty if WeChat's API cannot have such
 *     a path
 * @param query the query to send, byte for byte, without access tokens and {@code from_appid}
 * @param tokens the values of {@code access_token}, decoded
 * @param appids the distinct values of {@code from_appid}, decoded
 */
record ApiTarget(Optional<String> path, String query, List<String> tokens, List<String> appids) {
  static final String PREFIX = "/wechat";

  /** The path of getAccessToken. {@link #STABLE_TOKEN} is its successor. */
  static final String TOKEN = "/cgi-bin/token";

  static final String STABLE_TOKEN = "/cgi-bin/stable_token";

  /** WeChat's paths have no other characters. Escapes would only disguise a path. */
  private static final Pattern PATH = Pattern.compile("/[/A-Za-z0-9._~-]*[A-Za-z0-9._~-]");

  private static final Pattern EMPTY_OR_DOTS = Pattern.compile("/\\.*+(?:/|$)");

  /** Prefixes of paths that expose or use up what only the service may use. */
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

  /** Length limit of a path in the log, in characters. */
  private static final int LONGEST_LOGGED = 64;

  /** Characters at which some servers end a segment or the path, or start a parameter. */
  private static final Pattern SEGMENT_END = Pattern.compile("[;#\\x00-\\x20]");

  private static final Set<String> OTHER_TOKENS =
      Set.of("cloudbase_access_token", "component_access_token", "authorizer_access_token");

  /** Parses a request target that begins with {@value #PREFIX}. */
  static ApiTarget of(String target) {
    var mark = target.indexOf('?');
    var path = target.substring(0, mark < 0 ? target.length() : mark);
    var remaining = new ArrayList<String>();
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
          remaining.add(parameter);
        }
      }
    }
    return new ApiTarget(
        allowed(path),
        ascii(String.join("&", remaining)),
        tokens,
        appids.stream().distinct().toList());
  }

  /**
   * Whether a segment of the path is "." or "..", encoded or not. A gateway may have normalised
   * such a path to another path.
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

  /** Whether the target is this endpoint, which the service answers itself. */
  boolean is(String own) {
    return path.filter(own::equals).isPresent();
  }

  /** Whether the path can be forwarded, given a client that may call it. */
  boolean isPassedOn() {
    return path.filter(
            it -> {
              // WeChat may ignore the case of a path.
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

  /** Decodes the text. Returns it unchanged if an escape is malformed. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /**
   * Escapes bytes that are invalid in a URL. Netty decodes them as Latin-1 and would send other
   * bytes.
   */
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
