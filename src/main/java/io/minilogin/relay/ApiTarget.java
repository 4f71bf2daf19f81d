package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The target of a call to WeChat's API, parsed from the request URI. Netty's QueryStringDecoder
 * does not suffice, because the query is sent byte for byte.
 *
 * @param path the path; empty if WeChat's API cannot have such a path
 * @param query the query to send, byte for byte, without access tokens and {@code from_appid}
 * @param tokens the values of {@code access_token}, decoded
 * @param appids the distinct values of {@code from_appid}, decoded
 */
record ApiTarget(Optional<ApiPath> path, String query, List<String> tokens, List<String> appids) {
  private static final Set<String> OTHER_TOKENS =
      Set.of("cloudbase_access_token", "component_access_token", "authorizer_access_token");

  /** Parses a request target that begins with {@value ApiPath#PREFIX}. */
  static ApiTarget of(String target) {
    var parts = target.split("\\?", 2);
    var remaining = new ArrayList<String>();
    var tokens = new ArrayList<String>();
    var appids = new ArrayList<String>();
    if (parts.length > 1) {
      for (var parameter : parts[1].split("&", -1)) {
        var pair = parameter.split("=", 2);
        var value = pair.length > 1 ? decoded(pair[1]) : "";
        var name = decoded(pair[0]).strip().toLowerCase(Locale.ROOT);
        if (name.equals("access_token")) {
          tokens.add(value);
        } else if (name.equals("from_appid")) {
          appids.add(value);
        } else if (!OTHER_TOKENS.contains(name)) {
          remaining.add(parameter);
        }
      }
    }
    return new ApiTarget(
        ApiPath.of(parts[0]),
        ascii(String.join("&", remaining)),
        tokens,
        appids.stream().distinct().toList());
  }

  /** Whether this is the path of the target. */
  boolean is(String text) {
    return path.filter(it -> it.text().equals(text)).isPresent();
  }

  /**
   * Returns the first value of the parameter in {@link #query}, not decoded, or an empty string.
   */
  String rawParameter(String name) {
    return Stream.of(query.split("&"))
        .filter(parameter -> parameter.startsWith(name + "="))
        .map(parameter -> parameter.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  /** Whether {@link #query} has this parameter, with or without a value. */
  boolean has(String name) {
    return !values(name).isEmpty();
  }

  /** Returns the decoded value of the parameter in {@link #query} if there is exactly one. */
  Optional<String> onlyValue(String name) {
    var values = values(name);
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  private List<String> values(String name) {
    return Stream.of(query.split("&"))
        .map(parameter -> parameter.split("=", 2))
        .filter(pair -> decoded(pair[0]).equals(name))
        .map(pair -> pair.length > 1 ? decoded(pair[1]) : "")
        .toList();
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
