package io.minilogin.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Stands before a server and can fall silent on the connections of the moment, as a machine that
 * loses its power does: nothing comes any more, no end either. New connections work. Or it goes
 * away altogether, and connections are refused.
 */
public final class TcpProxy implements AutoCloseable {
  private final int target;
  private ServerSocketFactory sockets = ServerSocketFactory.getDefault();
  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Consumer<String> tap = text -> {};
  private volatile ServerSocket server;
  private volatile Thread acceptor;

  public TcpProxy(int target) throws IOException {
    this.target = target;
    listen(0);
  }

  /** That speaks TLS with its clients, and the plain protocol with the server. */
  TcpProxy(int target, SSLContext tls) throws IOException {
    this.target = target;
    sockets = tls.getServerSocketFactory();
    listen(0);
  }

  public URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
  }

  /** How many connections there have been so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Passes everything that clients send from now on to this consumer, too, before the server. */
  public void tap(Consumer<String> consumer) {
    tap = consumer;
  }

  /** From now on nothing passes on the connections that exist. */
  public void silenceConnections() {
    lines.forEach(line -> line.silent = true);
  }

  /** Listens again where it did before it was closed. */
  public void reopen() throws IOException {
    listen(server.getLocalPort());
  }

  /** The same, with another certificate. */
  void reopen(SSLContext tls) throws IOException {
    sockets = tls.getServerSocketFactory();
    reopen();
  }

  int port() {
    return server.getLocalPort();
  }

  /** As when the server is started again: new connections work. */
  public void endConnections() throws IOException {
    for (var line : List.copyOf(lines)) {
      lines.remove(line);
      line.client.close();
      line.server.close();
    }
  }

  /** Ends all connections and refuses new ones. */
  @Override
  public void close() throws IOException {
    server.close();
    awaitLastConnection();
    endConnections();
  }

  private void listen(int port) throws IOException {
    var socket = sockets.createServerSocket();
    // Connections that have just ended do not keep the port from being used again.
    socket.setReuseAddress(true);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    // Somebody's connection may have been given the port while nobody listened.
    await().ignoreException(BindException.class).until(() -> bound(socket, address));
    server = socket;
    acceptor = start(() -> accept(socket));
  }

  private static boolean bound(ServerSocket socket, InetSocketAddress address) throws IOException {
    socket.bind(address, 1024);
    return true;
  }

  /** A thread that waits for a connection keeps the socket open until it notices the end. */
  private void awaitLastConnection() {
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept(ServerSocket socket) throws IOException {
    while (!socket.isClosed()) {
      var line = new Line(socket.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
      accepted.incrementAndGet();
      lines.add(line);
      start(() -> line.pump(line.client, line.server, text -> tap.accept(text)));
      start(() -> line.pump(line.server, line.client, text -> {}));
    }
  }

  private static Thread start(Task task) {
    var thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
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

    private Line(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      // What came in pieces would otherwise wait for the other side's acknowledgement.
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    private void pump(Socket from, Socket to, Consumer<String> seen) throws IOException {
      var buffer = new byte[8192];
      try {
        for (int n = from.getInputStream().read(buffer); n >= 0; ) {
          if (!silent) {
            seen.accept(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
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
