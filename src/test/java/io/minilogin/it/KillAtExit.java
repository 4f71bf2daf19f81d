package io.minilogin.it;

import java.util.stream.Stream;

/** Kills a process at the end of the JVM, unless a test has killed the process before. */
public final class KillAtExit {
  private final Process process;
  private final Thread hook = new Thread(this::killAll);

  public KillAtExit(Process process) {
    this.process = process;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down already.
      killAll();
      throw e;
    }
  }

  /** Kills the process and its descendants with SIGKILL now, and waits for their end. */
  public void kill() {
    killAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, so the hook cannot be removed. It is a no-op.
    }
  }

  private void killAll() {
    var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }
}
