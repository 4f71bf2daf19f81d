package io.minilogin.operation;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service; a start that fails says so in {@link StartFailure}'s words. */
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... args) {
    Quarkus.run(null, Main::exit, args);
  }

  private static void exit(int code, Throwable failure) {
    if (failure != null) {
      System.err.println(failure);
      failure.printStackTrace();
    }
    System.exit(code);
  }
}
