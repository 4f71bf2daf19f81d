package io.minilogin.it.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * For programs that must be told a port: one that is free now may be somebody else's by the time
 * that they listen, and then they are started on another.
 */
final class FreePort {
  private static final int ATTEMPTS = 5;

  /** What starts a program; throws {@link InUse} when the port is not free any more. */
  interface Start<T> {
    T on(int port) throws Exception;
  }

  /** The program has ended because it could not have the port. */
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
