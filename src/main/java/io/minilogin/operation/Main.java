package io.minilogin.operation;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;

/** Starts the service. A start that bad configuration prevents ends with one plain line. */
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... args) {
    RequestTargets.acceptAll();
    Quarkus.run(null, Main::exit, args);
  }

  private static void exit(int code, Throwable failure) {
    if (failure != null) {
      StartRefusal.of(failure)
          .ifPresentOrElse(
              line -> System.err.println("mini-login does not start: " + line),
              () -> Logger.getLogger(Main.class).error("mini-login does not start", failure));
    }
    System.exit(code);
  }
}
