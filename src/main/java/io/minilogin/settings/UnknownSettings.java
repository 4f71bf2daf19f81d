package io.minilogin.settings;

import static java.util.Comparator.naturalOrder;
import static java.util.function.BinaryOperator.minBy;
import static java.util.stream.Collectors.joining;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Warns of settings that nothing reads. A typo in the name of a setting would otherwise go
 * unnoticed, although the setting has no effect. The config mappings of the features know all
 * names.
 */
@Singleton
class UnknownSettings {
  private static final Logger LOG = Logger.getLogger(UnknownSettings.class);

  private static final String OURS = "io.minilogin.";

  /** The ordinal of application.properties in the jar. The sources of the operator are above. */
  private static final int ORDINAL_OF_JAR = 250;

  /** The TLS settings of the REST client, which {@code quarkus.tls} replaces. */
  private static final String REST_CLIENT_TLS =
      "QUARKUS_REST_CLIENT_(WECHAT_)?((TRUST|KEY)_STORE.*|VERIFY_HOST|HOSTNAME_VERIFIER)";

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
  void warn(
      @Observes @Priority(Integer.MAX_VALUE) StartupEvent started,
      SmallRyeConfig config,
      BeanManager beans) {
    // Read each source: the configuration's own list of all names is slow to create.
    var names =
        StreamSupport.stream(config.getConfigSources().spliterator(), false)
            .filter(source -> source.getOrdinal() > ORDINAL_OF_JAR)
            .flatMap(source -> source.getPropertyNames().stream());
    var unknown = among(names, mappings(beans));
    if (!unknown.isEmpty()) {
      LOG.warnf("Unknown settings, which have no effect: %s", String.join(", ", unknown));
    }
  }

  /** Returns the unknown settings, each of them once, even if a source has several names for it. */
  static Collection<String> among(Stream<String> names, List<ConfigClass> mappings) {
    var prefixes = mappings.stream().map(each -> variable(each.getPrefix()) + "_.+");
    var ours = anyOf(Stream.concat(prefixes, Stream.of(REST_CLIENT_TLS)));
    var known =
        anyOf(
            mappings.stream()
                .flatMap(each -> each.getProperties().keySet().stream())
                .map(UnknownSettings::variables));
    var unknown = new TreeMap<String, String>();
    names.forEach(
        name -> {
          var variable = variable(name);
          if (ours.matcher(variable).matches()
              && !known.matcher(variable).matches()
              && !SettingFiles.isSecretFile(variable)
              && !FOREIGN.matcher(variable).matches()) {
            unknown.merge(variable, name, minBy(naturalOrder()));
          }
        });
    return unknown.values();
  }

  /** Returns the config mappings of the service, which are beans. */
  private static List<ConfigClass> mappings(BeanManager beans) {
    return beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
        .<Class<?>>map(Bean::getBeanClass)
        .filter(type -> type.getName().startsWith(OURS))
        .filter(type -> type.isAnnotationPresent(ConfigMapping.class))
        .map(ConfigClass::configClass)
        .toList();
  }

  private static Pattern anyOf(Stream<String> patterns) {
    return Pattern.compile(patterns.collect(joining("|")));
  }

  /**
   * Returns a pattern for the environment variables of a property, whose lists have the index *.
   */
  private static String variables(String property) {
    return Stream.of(property.split("\\*", -1))
        .map(UnknownSettings::variable)
        .collect(joining("\\d+"));
  }

  private static String variable(String name) {
    return NO_LETTER_OR_DIGIT.matcher(name).replaceAll("_").toUpperCase(Locale.ROOT);
  }
}
