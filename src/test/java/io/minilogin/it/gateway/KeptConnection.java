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
 * A connection as a gateway keeps it: one question after the other, and of each answer exactly as
 * many bytes as are its own.
 */
final class KeptConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  /**
   * One answer.
   *
   * @param head the status line and the header lines
   */
  record Answer(List<String> head, String body) {
    int status() {
      return Integer.parseInt(head.get(0).split(" ", -1)[1]);
    }

    /** The values of this header; its name may be in any case. */
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

  /** From an address of this machine's own network, 127.0.0.0/8. */
  KeptConnection(URI target, InetAddress from) throws IOException {
    this(new Socket(target.getHost(), target.getPort(), from, 0));
  }

  private KeptConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Asks on a connection of its own. */
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
      // The service may answer and close before it has been sent everything: the answer tells.
    }
    return this;
  }

  /** The next answer, which is one to a request of this method. */
  Answer answer(String method) throws IOException {
    var head = new Answer(head(), "");
    return method.equals("HEAD")
        ? head
        : new Answer(head.head(), new String(in.readNBytes(length(head)), UTF_8));
  }

  /** Whether the service closes the connection, with not a byte before that. */
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
      throw new IllegalStateException("no telling where the answer ends:\n" + head);
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
