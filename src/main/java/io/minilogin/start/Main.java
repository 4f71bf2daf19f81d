package io.minilogin.start;

import io.minilogin.settings.InvalidSetting;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.spi.CDI;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Starts the service. If the configuration prevents the start, one plain line says why. */
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... args) {
    prepare();
    run(Service.class, args);
  }

  /**
   * Runs the service until it is stopped, and exits.
   *
   * @param application runs once both ports are open, and decides how long the service runs
   */
  public static void run(Class<? extends QuarkusApplication> application, String... args) {
    try {
      TemporaryDirectory.requireWritable();
      Quarkus.run(application, Main::exit, args);
    } catch (ConfigurationException e) {
      exit(1, e);
    }
  }

  /** Runs until the service is stopped. */
  static final class Service implements QuarkusApplication {
    @Override
    public int run(String... args) {
      logVersion();
      Quarkus.waitForExit();
      return 0;
    }
  }

  /**
   * Logs the version and the commit. Applications call it once both ports are open, because a
   * refused start has one line only.
   */
  public static void logVersion() {
    CDI.current().select(BuildInfo.class).get().log();
  }

  /** Sets the system properties that Quarkus and its libraries need before the start. */
  public static void prepare() {
    acceptAnyTarget();
    // Netty loads extensions that are notified of each connection.
    System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
  }

  /**
   * Accepts request targets that are not URIs for Java: <code>/a|b</code> or <code>/%zz</code>.
   * Quarkus would refuse them before any route handles them. But gateways ask with the path that
   * their client sent, and the result depends on the token alone, whatever the path. A native
   * executable has this property built in.
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

  /**
   * Logs the failure, or prints its causes in one line if Quarkus has not read its settings: until
   * then the log only queues its records. A message may quote a value, so it is not printed.
   */
  private static void log(Throwable failure) {
    if (InitialConfigurator.DELAYED_HANDLER.isActivated()) {
      Logger.getLogger(Main.class).error("mini-login does not start", failure);
    } else {
      System.err.println(
          InvalidSetting.causes(failure)
              .map(cause -> cause.getClass().getName() + place(cause))
              .collect(Collectors.joining(", caused by ", "mini-login does not start: ", "")));
    }
  }

  private static String place(Throwable cause) {
    return Stream.of(cause.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("");
  }
}
