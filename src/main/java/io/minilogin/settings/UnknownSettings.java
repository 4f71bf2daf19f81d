package io.minilogin.settings;

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
 * Warns of settings that nothing reads. A typo in the name of a setting would otherwise go
 * unnoticed, although the setting has no effect.
 */
@Singleton
class UnknownSettings {
  private static final Logger LOG = Logger.getLogger(UnknownSettings.class);

  /**
   * Beginnings of our settings' names in any spelling, for a fast check: there are thousands of
   * names, nearly all of them Quarkus' own.
   */
  private static final List<String> PREFIXES =
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
   * Names that look like ours, in the form of environment variables, in which all names are
   * compared. The REST client has its own TLS settings, which {@code quarkus.tls} replaces.
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

  /**
   * Variables that Kubernetes sets for a Service with such a name, and a variable of desktop
   * sessions.
   */
  private static final Pattern FOREIGN =
      Pattern.compile(
          ".+_SERVICE_HOST|.+_SERVICE_PORT(_.+)?|.+_PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?"
              + "|SESSION_MANAGER");

  /** Warns of unknown settings, after all checks that could refuse the start. */
  void warn(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started, SmallRyeConfig config) {
    // Read each source: the configuration's own list of all names is slow to create.
    var unknown =
        among(
            StreamSupport.stream(config.getConfigSources().spliterator(), false)
                .flatMap(source -> source.getPropertyNames().stream())
                .toList());
    if (!unknown.isEmpty()) {
      LOG.warnf("Unknown settings, which have no effect: %s", String.join(", ", unknown));
    }
  }

  /** Returns the unknown settings, each of them once, even if a source has several names for it. */
  static List<String> among(Iterable<String> names) {
    var unknown = new TreeMap<String, String>();
    StreamSupport.stream(names.spliterator(), false)
        .filter(UnknownSettings::isLikeOurs)
        .filter(name -> isUnknown(variable(name)))
        .forEach(name -> unknown.merge(variable(name), name, UnknownSettings::first));
    return List.copyOf(unknown.values());
  }

  private static boolean isLikeOurs(String name) {
    return PREFIXES.stream().anyMatch(word -> name.regionMatches(true, 0, word, 0, word.length()));
  }

  private static boolean isUnknown(String variable) {
    return OURS.matcher(variable).matches()
        && !KNOWN.matcher(variable).matches()
        && !SettingFiles.isSecretFile(variable)
        && !FOREIGN.matcher(variable).matches();
  }

  private static String first(String one, String other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String variable(String name) {
    return NO_LETTER_OR_DIGIT.matcher(name).replaceAll("_").toUpperCase(Locale.ROOT);
  }
}
