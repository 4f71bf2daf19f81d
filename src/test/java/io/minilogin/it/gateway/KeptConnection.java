package io.minilogin.it.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.List;

/**
 * A keep-alive connection of a gateway: one request after the other. It reads exactly the bytes of
 * each answer.
 */
final class KeptConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  /**
   * An answer.
   *
   * @param head the status line and the header lines
   */
  record Answer(List<String> head, String body) {
    int status() {
      return Integer.parseInt(head.get(0).split(" ", -1)[1]);
    }

    /** Returns the values of this header. The name is case-insensitive. */
    List<String> values(String name) {
      return head.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  private final Socket socket;
  private final InputStream in;

  KeptConnection(URI target) throws IOException {
    this(new Socket(target.getHost(), target.getPort()));
  }

  /** Connects from an address of the loopback network, 127.0.0.0/8. */
  KeptConnection(URI target, InetAddress from) throws IOException {
    this(new Socket(target.getHost(), target.getPort(), from, 0));
  }

  private KeptConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends the request on a new connection. */
  static Answer ask(URI target, Question question) throws IOException {
    try (var connection = new KeptConnection(target)) {
      return connection.ask(question);
    }
  }

  Answer ask(Question question) throws IOException {
    send(question.bytes());
    return answer(question.method());
  }

  KeptConnection send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException e) {
      // The service may answer and close the connection before everything is sent. The answer shows
      // it.
    }
    return this;
  }

  /** Reads the next answer, which must belong to a request with this method. */
  Answer answer(String method) throws IOException {
    var head = new Answer(head(), "");
    return method.equals("HEAD")
        ? head
        : new Answer(head.head(), new String(in.readNBytes(length(head)), UTF_8));
  }

  /** Returns whether the service closes the connection without sending another byte. */
  boolean ends() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static int length(Answer head) {
    var lengths = head.values("Content-Length");
    if (lengths.size() != 1) {
      throw new IllegalStateException("the length of the answer is unknown:\n" + head);
    }
    return Integer.parseInt(lengths.get(0));
  }

  private List<String> head() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = in.readNBytes(1);
      if (next.length == 0) {
        throw new IllegalStateException("the connection ended after \"" + head + "\"");
      }
      head.append(new String(next, ISO_8859_1));
    }
    return head.toString().strip().lines().toList();
  }
}
