package io.minilogin.relay;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A path of WeChat's API. It is compared and sent without normalisation.
 *
 * @param text the path without the prefix {@value #PREFIX}
 */
record ApiPath(String text) {
  static final String PREFIX = "/wechat";

  /** The path of getAccessToken. {@link #STABLE_TOKEN} is its successor. */
  static final String TOKEN = "/cgi-bin/token";

  static final String STABLE_TOKEN = "/cgi-bin/stable_token";

  /** WeChat's paths have no other characters. Escapes would only disguise a path. */
  private static final Pattern PATH = Pattern.compile("/[/A-Za-z0-9._~-]*[A-Za-z0-9._~-]");

  private static final Pattern EMPTY_OR_DOTS = Pattern.compile("/\\.*+(?:/|$)");

  /**
   * Paths that are never forwarded, with all paths below them. They return secrets or tokens, or
   * use up quotas of the service.
   */
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

  /**
   * Parses the path of a request. Empty if the path has no prefix {@value #PREFIX} or WeChat's API
   * cannot have such a path.
   */
  static Optional<ApiPath> of(String path) {
    return Optional.of(path)
        .filter(it -> it.startsWith(PREFIX))
        .map(it -> it.substring(PREFIX.length()))
        .filter(PATH.asMatchPredicate())
        .filter(it -> !EMPTY_OR_DOTS.matcher(it).find())
        .map(ApiPath::new);
  }

  /**
   * Whether a segment of the path is "." or "..", encoded or not. A gateway may have normalised
   * such a path to another path.
   */
  static boolean hasDotSegment(String target) {
    var path = target.split("\\?", 2)[0];
    for (int i = 0; i < MOST_DECODINGS && path.indexOf('%') >= 0; i++) {
      path = ApiTarget.decoded(path.replace("+", "%2B"));
    }
    return Stream.of(path.replace('\\', '/').split("/", -1))
        .map(segment -> SEGMENT_END.split(segment, 2)[0])
        .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
  }

  /** Whether the path can be forwarded, given a client that may call it. */
  boolean isPassedOn() {
    // WeChat may ignore the case of a path.
    var lower = text.toLowerCase(Locale.ROOT);
    return NEVER.stream().noneMatch(never -> lower.equals(never) || lower.startsWith(never + "/"));
  }

  /**
   * Returns the first two segments for the log, such as {@code /cgi-bin/message}, at most {@value
   * #LONGEST_LOGGED} characters.
   */
  String firstSegments() {
    var second = text.indexOf('/', 1);
    var third = second < 0 ? -1 : text.indexOf('/', second + 1);
    var end = third < 0 ? text.length() : third;
    return text.substring(0, Math.min(end, LONGEST_LOGGED));
  }
}
