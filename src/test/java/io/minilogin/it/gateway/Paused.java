package io.minilogin.it.gateway;

import java.io.IOException;

/** A process that takes connections and says nothing, until this is closed. */
record Paused(long pid) implements AutoCloseable {
  Paused {
    signal("STOP", pid);
  }

  @Override
  public void close() {
    signal("CONT", pid);
  }

  private static void signal(String name, long pid) {
    try {
      var status = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill ended with " + status);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
