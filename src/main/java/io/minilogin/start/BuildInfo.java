package io.minilogin.start;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Shows the version, the commit, the Java version and the kind of executable. */
@Singleton
class BuildInfo {
  private static final Logger LOG = Logger.getLogger(BuildInfo.class);

  private final String version;
  private final String commit;

  /**
   * @param commit the first seven digits of the commit. The build writes it into the artefact; an
   *     image whose build has no repository has it in its environment.
   */
  BuildInfo(
      @ConfigProperty(name = "quarkus.application.version") String version,
      @ConfigProperty(name = "git.commit.id.abbrev", defaultValue = "unknown") String commit) {
    this.version = version;
    this.commit = commit;
  }

  /** Logs the version and the commit. */
  void log() {
    LOG.infof("This is version %s, built from commit %s", version, commit);
  }

  void show(@Observes StartupEvent start, MeterRegistry registry) {
    registry.gauge(
        "mini_login.build.info",
        Tags.of(
            "version",
            version,
            "commit",
            commit,
            "java",
            Runtime.version().toString(),
            "executable",
            ImageMode.current() == ImageMode.NATIVE_RUN ? "native" : "jar"),
        1);
  }
}
