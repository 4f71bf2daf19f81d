package io.minilogin.start;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Shows the version, the Java version and the kind of executable in metrics. */
@Singleton
class BuildInfo {
  private final String version;

  BuildInfo(@ConfigProperty(name = "quarkus.application.version") String version) {
    this.version = version;
  }

  void show(@Observes StartupEvent start, MeterRegistry registry) {
    registry.gauge(
        "mini_login.build.info",
        Tags.of(
            "version",
            version,
            "java",
            Runtime.version().toString(),
            "executable",
            ImageMode.current() == ImageMode.NATIVE_RUN ? "native" : "jar"),
        1);
  }
}
