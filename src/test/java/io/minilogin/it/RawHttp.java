package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;

/**
 * HTTP as bytes on a new connection, for malformed requests, callers that disconnect, and calls
 * that an HTTP client must not retry.
 */
public final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  /** An answer as received, unparsed. */
  public record Answer(String text) {
    /** Returns the status, or 0 without an answer. */
    public int status() {
      return text.startsWith("HTTP/") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    public String body() {
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }

  private final Socket socket;

  public RawHttp(URI target) throws IOException {
    socket = new Socket(target.getHost(), target.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  /** Sends a request with {@code Connection: close} and returns the answer. */
  static Answer exchange(URI target, byte[] request) throws IOException {
    try (var http = new RawHttp(target)) {
      return http.send(request).answer();
    }
  }

  public static Answer exchange(URI target, String request) throws IOException {
    return exchange(target, request.getBytes(ISO_8859_1));
  }

  static byte[] login(String code) {
    return post("{\"code\":\"" + code + "\"}");
  }

  /** Returns a {@code POST /login} request with this body. */
  static byte[] post(String body) {
    return post(body.getBytes(UTF_8));
  }

  static byte[] post(byte[] body) {
    var head =
        "POST /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    return concat(head.getBytes(ISO_8859_1), body);
  }

  /** Returns a {@code GET} request with these header lines. */
  public static String get(String path, String... headers) {
    var lines = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (var header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.append("Connection: close\r\n\r\n").toString();
  }

  public RawHttp send(byte[] request) throws IOException {
    try {
      socket.getOutputStream().write(request);
    } catch (SocketException e) {
      // The service may answer and close the connection before it has read everything. The answer
      // shows it.
    }
    return this;
  }

  /** Reads up to the end of the headers. A later call can read the rest as an answer. */
  public Answer head() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return new Answer(head.toString());
  }

  /** Reads until the service closes the connection. */
  public Answer answer() throws IOException {
    return new Answer(new String(socket.getInputStream().readAllBytes(), UTF_8));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static byte[] concat(byte[] one, byte[] other) {
    var all = new byte[one.length + other.length];
    System.arraycopy(one, 0, all, 0, one.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }
}
