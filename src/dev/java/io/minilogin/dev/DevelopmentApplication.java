package io.minilogin.dev;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Ends the log of the start with the address of the page. */
public final class DevelopmentApplication implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(DevelopmentApplication.class);

  @Override
  public int run(String... args) {
    // After the start, the setting is the port that the service listens on.
    var port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    LOG.infof("Open http://localhost:%d/", port);
    Quarkus.waitForExit();
    return 0;
  }
}
