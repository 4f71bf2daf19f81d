package io.minilogin.rotation;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.settings.InvalidSetting;
import io.minilogin.settings.LiteralValues;
import io.minilogin.settings.Reloadable;
import io.minilogin.settings.SettingFiles;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/**
 * Reloads settings from files, because a mounted Secret may change while the service runs. A change
 * is checked as at the start. It is applied as a whole, or not at all if it cannot be used; then
 * the service keeps its settings. A change counts only if two checks in a row find the same
 * content, so a partly written file is never used.
 */
@Singleton
class SettingsReload {
  private static final Logger LOG = Logger.getLogger(SettingsReload.class);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

  private final SmallRyeConfig config;
  private final List<Reloadable> settings;
  private final Clock clock;
  private final Vertx vertx;
  private Map<String, String> lastSeen;
  private Map<String, String> lastTried;
  private volatile boolean isSuccessful = true;
  private volatile Instant succeeded;
  private volatile Instant certificatesRead;
  private long timer = -1;

  SettingsReload(
      SmallRyeConfig config,
      @All List<Reloadable> settings,
      MeterRegistry registry,
      Clock clock,
      Vertx vertx) {
    this.config = config;
    this.settings = settings;
    this.clock = clock;
    this.vertx = vertx;
    lastSeen = content(config.getConfigSources(SettingFiles.Folder.class));
    lastTried = lastSeen;
    succeeded = clock.instant();
    certificatesRead = succeeded;
    registry.gauge(
        "mini_login.certificates.last.reload.timestamp.seconds",
        this,
        it -> it.certificatesRead.getEpochSecond());
    registry.gauge("mini_login.config.last.reload.successful", this, it -> it.isSuccessful ? 1 : 0);
    registry.gauge(
        "mini_login.config.last.reload.success.timestamp.seconds",
        this,
        it -> it.succeeded.getEpochSecond());
  }

  /** Records when Quarkus has read the certificates, which it watches itself. */
  void hasRead(@Observes CertificateUpdatedEvent read) {
    certificatesRead = clock.instant();
  }

  void begin(@Observes StartupEvent started) {
    timer =
        vertx.setPeriodic(
            CHECK_INTERVAL.toMillis(), due -> vertx.executeBlocking(this::checkFiles));
  }

  @PreDestroy
  void end() {
    vertx.cancelTimer(timer);
  }

  private Void checkFiles() {
    try {
      var files = files();
      var found = content(files);
      var isSettled = found.equals(lastSeen);
      lastSeen = found;
      if (isSettled && !found.equals(lastTried)) {
        lastTried = found;
        apply(with(files));
      }
    } catch (ConfigurationException e) {
      // A file that an environment variable names cannot be read. It may be back at the next check.
      lastTried = Map.of();
      if (isSuccessful) {
        refuse(e);
      }
    }
    return null;
  }

  private void apply(SmallRyeConfig changed) {
    try {
      var steps = settings.stream().map(each -> each.prepare(changed)).toList();
      steps.forEach(Runnable::run);
      succeeded = clock.instant();
      isSuccessful = true;
      LOG.info("The changed settings files are in effect");
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  private void refuse(RuntimeException e) {
    isSuccessful = false;
    LOG.errorf(
        "The changed settings files are invalid, so the settings stay unchanged: %s",
        InvalidSetting.in(e).orElse(e.getClass().getName()));
  }

  /** Returns the same configuration with the current files. */
  private SmallRyeConfig with(List<ConfigSource> files) {
    var sources = new ArrayList<ConfigSource>();
    config.getConfigSources().forEach(sources::add);
    sources.removeIf(SettingFiles.Folder.class::isInstance);
    sources.addAll(files);
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withInterceptors(new LiteralValues())
        .withProfiles(config.getProfiles())
        // Files may contain unknown settings, as at the start.
        .withDefaultValue(SmallRyeConfig.SMALLRYE_CONFIG_MAPPING_VALIDATE_UNKNOWN, "false")
        .withSources(sources)
        .build();
  }

  private List<ConfigSource> files() {
    var files = new ArrayList<ConfigSource>();
    new SettingFiles().getConfigSources(new Context()).forEach(files::add);
    return files;
  }

  private static Map<String, String> content(Iterable<? extends ConfigSource> files) {
    var content = new HashMap<String, String>();
    for (var file : files) {
      file.getProperties().forEach((name, value) -> content.put(file.getName() + name, value));
    }
    return content;
  }

  /** Provides the settings that name the files. */
  private final class Context implements ConfigSourceContext {
    @Override
    public ConfigValue getValue(String name) {
      return config.getConfigValue(name);
    }

    @Override
    public Iterator<String> iterateNames() {
      return config.getPropertyNames().iterator();
    }
  }
}
