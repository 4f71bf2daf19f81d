package io.minilogin.start;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import org.jboss.logging.Logger;

/** Starts the service. A start that bad configuration prevents ends with one plain line. */
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... args) {
    prepare();
    try {
      TemporaryDirectory.requireWritable();
      Quarkus.run(null, Main::exit, args);
    } catch (ConfigurationException e) {
      exit(1, e);
    }
  }

  /** What must be said before Quarkus starts. */
  public static void prepare() {
    acceptAnyTarget();
    // Netty looks for services that want to know of each connection.
    System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
  }

  /**
   * Lets request targets in that are no URIs to Java: <code>/a|b</code> or <code>/%zz</code>.
   * Quarkus would refuse them before any route is asked, but gateways ask with the path that their
   * client sent, and whatever that is, the verdict depends on the token alone. A native executable
   * has it built in.
   */
  private static void acceptAnyTarget() {
    System.setProperty("vertx.disableURIValidation", "true");
  }

  private static void exit(int code, Throwable failure) {
    if (failure != null) {
      StartRefusal.of(failure, GivenSettings.all())
          .ifPresentOrElse(
              line -> System.err.println("mini-login does not start: " + line), () -> log(failure));
    }
    System.exit(code);
  }

  /** Before Quarkus has read its settings, the log only keeps what it is given. */
  private static void log(Throwable failure) {
    if (InitialConfigurator.DELAYED_HANDLER.isActivated()) {
      Logger.getLogger(Main.class).error("mini-login does not start", failure);
    } else {
      System.err.println("mini-login does not start");
      failure.printStackTrace();
    }
  }
}
