package io.minilogin.dev;

import io.minilogin.dev.page.WorldOutside;
import io.minilogin.start.Main;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.net.URI;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Tells the simulated WeChat where the service is, and logs the address of the page. */
public final class DevelopmentApplication implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(DevelopmentApplication.class);

  @Override
  public int run(String... args) {
    Main.logVersion();
    // After the start, the setting is the port that the service listens on.
    var port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    WorldOutside.running().wechat().sendEventsTo(URI.create("http://127.0.0.1:" + port));
    LOG.infof("Open http://localhost:%d/", port);
    Quarkus.waitForExit();
    return 0;
  }
}
