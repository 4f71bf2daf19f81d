package io.minilogin.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Stands before a server and can fall silent on the connections of the moment, as a machine that
 * loses its power does: nothing comes any more, no end either. New connections work.
 */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

  TcpProxy(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
  }

  /** From now on nothing passes on the connections that exist. */
  void silenceConnections() {
    lines.forEach(line -> line.silent = true);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var line : lines) {
      line.client.close();
      line.server.close();
    }
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      var line = new Line(server.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
      lines.add(line);
      start(() -> line.pump(line.client, line.server));
      start(() -> line.pump(line.server, line.client));
    }
  }

  private static void start(Task task) {
    var thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private interface Task extends Runnable {
    void attempt() throws IOException;

    @Override
    default void run() {
      try {
        attempt();
      } catch (IOException e) {
        // One side has ended the connection, or the test the proxy.
      }
    }
  }

  private static final class Line {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    private Line(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    private void pump(Socket from, Socket to) throws IOException {
      var buffer = new byte[8192];
      try {
        for (int n = from.getInputStream().read(buffer); n >= 0; ) {
          if (!silent) {
            to.getOutputStream().write(buffer, 0, n);
          }
          n = from.getInputStream().read(buffer);
        }
      } finally {
        // A silent connection stays open towards the client, whatever it does.
        if (!silent) {
          from.close();
          to.close();
        }
      }
    }
  }
}
