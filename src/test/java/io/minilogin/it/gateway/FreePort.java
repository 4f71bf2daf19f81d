package io.minilogin.it.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Free ports for programs that must be given a port. Another process may take the port before the
 * program listens; then the program is started again on another port.
 */
final class FreePort {
  private static final int ATTEMPTS = 5;

  /** Starts a program. Throws {@link InUse} if the port is in use. */
  interface Start<T> {
    T on(int port) throws Exception;
  }

  /** The program has ended because the port is in use. */
  static final class InUse extends RuntimeException {
    private static final long serialVersionUID = 1;

    InUse(String output) {
      super(output);
    }
  }

  private FreePort() {}

  static <T> T forStartOf(Start<T> program) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return program.on(find());
      } catch (InUse e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static int find() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
