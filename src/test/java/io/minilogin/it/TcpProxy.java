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
 * A proxy in front of a server. It can silence its current connections like a machine that loses
 * power: no data and no FIN arrive. New connections work. It can also close its port, so that
 * connections are refused.
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

  /** Creates a proxy that speaks TLS with its clients and the plain protocol with the server. */
  TcpProxy(int target, SSLContext tls) throws IOException {
    this.target = target;
    sockets = tls.getServerSocketFactory();
    listen(0);
  }

  public URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
  }

  /** Returns the number of connections so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Passes all further data of clients to this consumer before they are sent to the server. */
  public void tap(Consumer<String> consumer) {
    tap = consumer;
  }

  /** Silences the current connections from now on. */
  public void silenceConnections() {
    lines.forEach(line -> line.silent = true);
  }

  /** Listens again on the same port after a close. */
  public void reopen() throws IOException {
    listen(server.getLocalPort());
  }

  /** Listens again with another certificate. */
  void reopen(SSLContext tls) throws IOException {
    sockets = tls.getServerSocketFactory();
    reopen();
  }

  int port() {
    return server.getLocalPort();
  }

  /** Closes all connections, as a restart of the server would. New connections work. */
  public void endConnections() throws IOException {
    for (var line : List.copyOf(lines)) {
      lines.remove(line);
      line.client.close();
      line.server.close();
    }
  }

  /** Closes all connections and refuses new ones. */
  @Override
  public void close() throws IOException {
    server.close();
    awaitLastConnection();
    endConnections();
  }

  private void listen(int port) throws IOException {
    var socket = sockets.createServerSocket();
    // Recently closed connections do not block the port.
    socket.setReuseAddress(true);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    // While nothing listened, the port may have been assigned to a connection.
    await().ignoreException(BindException.class).until(() -> bound(socket, address));
    server = socket;
    acceptor = SocketThread.start(() -> accept(socket));
  }

  private static boolean bound(ServerSocket socket, InetSocketAddress address) throws IOException {
    socket.bind(address, 1024);
    return true;
  }

  /**
   * Waits until the acceptor has ended: a thread in accept keeps the socket open until it notices
   * the close.
   */
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
      SocketThread.start(() -> line.pump(line.client, line.server, text -> tap.accept(text)));
      SocketThread.start(() -> line.pump(line.server, line.client, text -> {}));
    }
  }

  private static final class Line {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    private Line(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      // Without TCP_NODELAY, the later pieces would wait for the acknowledgement of the earlier
      // ones.
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
        // A silent connection stays open towards the client in any case.
        if (!silent) {
          from.close();
          to.close();
        }
      }
    }
  }
}
