package io.minilogin.it;

import java.io.IOException;

/** Starts the threads of proxies, one for each direction of a connection. */
final class SocketThread {
  private SocketThread() {}

  /** The work of a thread until its connection is closed. */
  interface Task {
    void run() throws IOException;
  }

  static Thread start(Task task) {
    var thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // One side has closed the connection, or the test has closed the proxy.
              }
            },
            "proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
