package io.minilogin.start;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Warns of settings that nobody reads: with a typo in its name a setting would have no effect, and
 * nobody would know.
 */
@Singleton
class UnknownSettings {
  private static final Logger LOG = Logger.getLogger(UnknownSettings.class);

  /**
   * Of any spelling. There are thousands of names, nearly all of them Quarkus' own, so that this
   * must be quick.
   */
  private static final List<String> OUR_WORDS =
      List.of(
          "wechat",
          "session",
          "login",
          "open-data",
          "open_data",
          "clients",
          "quarkus.rest-client",
          "quarkus_rest_client");

  /**
   * All names are compared as the names of environment variables. The REST client has settings of
   * its own for TLS, which {@code quarkus.tls} replaces.
   */
  private static final Pattern OURS =
      Pattern.compile(
          "(WECHAT|SESSION|LOGIN|OPEN_DATA|CLIENTS)_.+"
              + "|QUARKUS_REST_CLIENT_(WECHAT_)?"
              + "((TRUST|KEY)_STORE.*|VERIFY_HOST|HOSTNAME_VERIFIER)");

  private static final Pattern KNOWN =
      Pattern.compile(
          "WECHAT_((APPS_\\d+__)?(APPID|SECRET|PREVIOUS_SECRET)|BASE_URL|DROP_SECRETS|SEAL_DELAY"
              + "|(API|LOGIN)_TIMEOUT)"
              + "|SESSION_(LIFETIME|IDLE_TIMEOUT|MAX_PER_USER)"
              + "|LOGIN_REPLAY_WINDOW"
              + "|OPEN_DATA_(PHONE_NUMBER_)?MAX_AGE"
              + "|CLIENTS_\\d+__(ID|(PREVIOUS_)?SECRET|(MAY|APPS)(_\\d+_)?)");

  private static final Pattern NO_LETTER_OR_DIGIT = Pattern.compile("[^A-Za-z0-9]");

  /** What Kubernetes tells of a Service with such a name, and a desktop of its session. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          ".+_SERVICE_HOST|.+_SERVICE_PORT(_.+)?|.+_PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?"
              + "|SESSION_MANAGER");

  /** After everything that could refuse the start. */
  void warn(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started, SmallRyeConfig config) {
    // Source by source: the configuration's own list of all names is slow to make.
    var unknown =
        among(
            StreamSupport.stream(config.getConfigSources().spliterator(), false)
                .flatMap(source -> source.getPropertyNames().stream())
                .toList());
    if (!unknown.isEmpty()) {
      LOG.warnf("Unknown settings, which have no effect: %s", String.join(", ", unknown));
    }
  }

  /** Once each, however many names a source has for it. */
  static List<String> among(Iterable<String> names) {
    var unknown = new TreeMap<String, String>();
    StreamSupport.stream(names.spliterator(), false)
        .filter(UnknownSettings::isLikeOurs)
        .filter(name -> isUnknown(variable(name)))
        .forEach(name -> unknown.merge(variable(name), name, UnknownSettings::first));
    return List.copyOf(unknown.values());
  }

  private static boolean isLikeOurs(String name) {
    return OUR_WORDS.stream().anyMatch(word -> name.regionMatches(true, 0, word, 0, word.length()));
  }

  private static boolean isUnknown(String variable) {
    return OURS.matcher(variable).matches()
        && !KNOWN.matcher(variable).matches()
        && !SettingFiles.isSecretFile(variable)
        && !OF_OTHERS.matcher(variable).matches();
  }

  private static String first(String one, String other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String variable(String name) {
    return NO_LETTER_OR_DIGIT.matcher(name).replaceAll("_").toUpperCase(Locale.ROOT);
  }
}
