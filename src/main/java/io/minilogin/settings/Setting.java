package io.minilogin.settings;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Validates the values of settings. */
public final class Setting {
  public static final int LARGEST_PORT = 65535;

  /** Shorter secrets could be guessed. WeChat's secrets have 32 characters. */
  private static final int SHORTEST_SECRET = 16;

  /** Matches an underscore in the host, after the user and password if there are any. */
  private static final Pattern UNDERSCORE = Pattern.compile("_[^@]*$");

  private Setting() {}

  /**
   * Throws a {@link ConfigurationException} unless the condition holds.
   *
   * @param otherwise names the property, not its value
   */
  public static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ConfigurationException(otherwise);
    }
  }

  /**
   * Returns the value, stripped, because a secret from a file often ends with a line break. Throws
   * a {@link ConfigurationException} with the property's name if the value is missing or blank.
   */
  public static String of(String property, Optional<String> value) {
    return stripped(value).orElseThrow(() -> new ConfigurationException(property + " is missing"));
  }

  /**
   * Returns a secret, stripped. Throws a {@link ConfigurationException} with the property's name if
   * it is missing, blank or shorter than {@value #SHORTEST_SECRET} characters.
   */
  public static String secret(String property, Optional<String> value) {
    return longEnough(property, of(property, value));
  }

  /**
   * Returns a secret, stripped, or empty if it is missing or blank. Throws a {@link
   * ConfigurationException} with the property's name if it is too short.
   */
  public static Optional<String> optionalSecret(String property, Optional<String> value) {
    return stripped(value).map(secret -> longEnough(property, secret));
  }

  /**
   * Returns the secrets of a setting that holds several, separated by commas or line breaks, in
   * their order and without repetitions. Throws a {@link ConfigurationException} with the
   * property's name if a secret is too short or there are more than {@code most}.
   */
  public static List<String> secrets(String property, Optional<String> value, int most) {
    var secrets =
        value
            .map(text -> Arrays.stream(text.split("[,\\n\\r]")))
            .orElseGet(Stream::of)
            .map(String::strip)
            .filter(secret -> !secret.isEmpty())
            .map(secret -> longEnough(property, secret))
            .distinct()
            .toList();
    require(secrets.size() <= most, property + " has more than " + most + " secrets");
    return secrets;
  }

  /**
   * Returns the value if it is between the limits, inclusive; otherwise throws a {@link
   * ConfigurationException} with the property's name.
   */
  public static Duration between(String property, Duration value, Duration least, Duration most) {
    require(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        "%s must be between %s and %s".formatted(property, text(least), text(most)));
    return value;
  }

  /**
   * Returns the http or https URL with a host. Throws a {@link ConfigurationException} with the
   * property's name, and without the value, for anything else.
   */
  public static URI httpUrl(String property, String value) {
    try {
      var url = URI.create(value);
      if ("http".equals(url.getScheme()) || "https".equals(url.getScheme())) {
        requireHost(property, url);
        if (url.getHost() != null && url.getPort() != 0 && url.getPort() <= LARGEST_PORT) {
          return url;
        }
      }
    } catch (IllegalArgumentException e) {
      // Its message would quote the value.
    }
    throw new ConfigurationException(property + " must be an http or https URL");
  }

  /**
   * Throws a {@link ConfigurationException} for a host name with an underscore. Java finds no host
   * in such a URL, and the HTTP and Redis clients would connect elsewhere or nowhere.
   */
  public static void requireHost(String property, URI url) {
    if (url.getHost() == null && UNDERSCORE.matcher(String.valueOf(url.getAuthority())).find()) {
      throw new ConfigurationException(
          property
              + " has a host name with an underscore, which a URL cannot have: use a hyphen, an"
              + " alias of the host or its IP address");
    }
  }

  /**
   * Returns whether the setting is {@code true} or {@code false}. Throws a {@link
   * ConfigurationException} with the property's name for any other value, which SmallRye Config
   * would take for false.
   */
  public static boolean flag(String property, String value) {
    var text = value.strip().toLowerCase(Locale.ROOT);
    require(text.equals("true") || text.equals("false"), property + " must be true or false");
    return text.equals("true");
  }

  /**
   * Returns the names of the elements of a list, in its order, such as {@code clients[0]}. Indexes
   * may be missing: the operator may have removed an element.
   */
  public static List<String> elements(SmallRyeConfig config, String list) {
    return config.getIndexedPropertiesIndexes(list).stream()
        .map(index -> "%s[%d]".formatted(list, index))
        .toList();
  }

  /** Formats a duration as operators write it: 0S, 1S, 3650D. */
  private static String text(Duration duration) {
    return duration.toDaysPart() > 0 ? duration.toDays() + "D" : duration.toSeconds() + "S";
  }

  /** Returns the settings of a configuration that was created while the service runs. */
  public static <T> T mapped(SmallRyeConfig config, Class<T> mapping) {
    ConfigMappings.registerConfigMappings(config, Set.of(ConfigClass.configClass(mapping)));
    return config.getConfigMapping(mapping);
  }

  /** Returns the value, stripped, or empty if it is missing or blank. */
  public static Optional<String> stripped(Optional<String> value) {
    return value.map(String::strip).filter(text -> !text.isEmpty());
  }

  private static String longEnough(String property, String secret) {
    require(
        secret.length() >= SHORTEST_SECRET,
        property + " has fewer than " + SHORTEST_SECRET + " characters");
    return secret;
  }
}
