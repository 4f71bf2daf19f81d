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
          "WECHAT_((APPS_\\d+__)?(APPID|SECRET|PREVIOUS_SECRET)|BASE_URL)"
              + "|SESSION_(LIFETIME|IDLE_TIMEOUT|MAX_PER_USER)"
              + "|LOGIN_REPLAY_WINDOW"
              + "|OPEN_DATA_(PHONE_NUMBER_)?MAX_AGE"
              + "|CLIENTS_\\d+__(ID|SECRET|MAY(_\\d+_)?)");

  /** What Kubernetes tells of a Service with such a name, and a desktop of its session. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          ".+_SERVICE_HOST|.+_SERVICE_PORT(_.+)?|.+_PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?"
              + "|SESSION_MANAGER");

  /** After everything that could refuse the start. */
  void warn(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started, SmallRyeConfig config) {
    var unknown = among(config.getPropertyNames());
    if (!unknown.isEmpty()) {
      LOG.warnf("Unknown settings, which have no effect: %s", String.join(", ", unknown));
    }
  }

  /** Once each, however many names a source has for it. */
  static List<String> among(Iterable<String> names) {
    var unknown = new TreeMap<String, String>();
    StreamSupport.stream(names.spliterator(), false)
        .filter(name -> isUnknown(variable(name)))
        .forEach(name -> unknown.merge(variable(name), name, UnknownSettings::first));
    return List.copyOf(unknown.values());
  }

  private static boolean isUnknown(String variable) {
    return OURS.matcher(variable).matches()
        && !KNOWN.matcher(variable).matches()
        && !OF_OTHERS.matcher(variable).matches();
  }

  private static String first(String one, String other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String variable(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
