package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An HTTP proxy that opens tunnels for requests with the right Proxy-Authorization and records
 * everything that it can read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#CONNECT">RFC 9110, CONNECT</a>
 */
final class ConnectProxy implements AutoCloseable {
  private static final String CONNECT = "CONNECT ";

  private final String authorization;
  private final ServerSocket server;
  private final Queue<String> heads = new ConcurrentLinkedQueue<>();
  private final Queue<String> tunnelled = new ConcurrentLinkedQueue<>();

  /** Creates a proxy that requires this value of Proxy-Authorization. */
  ConnectProxy(String authorization) throws IOException {
    this.authorization = authorization;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    SocketThread.start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Returns the request line and headers of each request so far. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  /** Returns the bytes that clients have sent through tunnels so far. */
  String tunnelled() {
    return String.join("", tunnelled);
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      var client = server.accept();
      SocketThread.start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      var head = head(client.getInputStream());
      heads.add(head);
      if (!head.startsWith(CONNECT)) {
        answer(client, "405 Method Not Allowed");
      } else if (!head.contains("\r\nproxy-authorization: " + authorization + "\r\n")) {
        answer(client, "407 Proxy Authentication Required");
      } else {
        tunnel(client, head.substring(CONNECT.length(), head.indexOf(" HTTP/1.1\r\n")));
      }
    }
  }

  private void tunnel(Socket client, String authority) throws IOException {
    var colon = authority.lastIndexOf(':');
    var port = Integer.parseInt(authority.substring(colon + 1));
    try (var target = new Socket(authority.substring(0, colon), port)) {
      answer(client, "200 Connection Established");
      SocketThread.start(() -> target.getInputStream().transferTo(client.getOutputStream()));
      var buffer = new byte[8192];
      for (int n = client.getInputStream().read(buffer);
          n >= 0;
          n = client.getInputStream().read(buffer)) {
        tunnelled.add(new String(buffer, 0, n, ISO_8859_1));
        target.getOutputStream().write(buffer, 0, n);
      }
    }
  }

  private static void answer(Socket client, String status) throws IOException {
    client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(ISO_8859_1));
  }

  private static String head(InputStream input) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      var next = input.read();
      if (next < 0) {
        throw new IOException("the connection ended within a request head");
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
