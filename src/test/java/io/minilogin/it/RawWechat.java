package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A simulated WeChat that answers with arbitrary bytes. It issues access tokens, reads each body by
 * its length, and answers each path as the {@link Script} says.
 */
final class RawWechat implements AutoCloseable {
  /** The access token. Its last characters are escaped in a URL, and one of them in some JSON. */
  static final String TOKEN = "t0ken-of-wechat+/=";

  private static final Pattern LENGTH = Pattern.compile("(?i)\ncontent-length: *(\\d+)");

  /**
   * Chooses the answer to a request by its head. The answer is sent before the body is read. After
   * an empty answer, nothing more is read.
   */
  interface Script {
    String answer(String head);
  }

  private final ServerSocket server = new ServerSocket(0);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Script script;

  RawWechat(Script script) throws IOException {
    this.script = script;
    threads.execute(this::accept);
  }

  String uri() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  List<String> heads() {
    return heads;
  }

  /** Returns the received bodies, including incomplete ones. */
  List<String> bodies() {
    return bodies;
  }

  int connections() {
    return connections.get();
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // The server is closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      for (var head = head(socket.getInputStream()); !head.isEmpty(); ) {
        heads.add(head);
        var answer = answer(head);
        if (answer.isEmpty()) {
          closed.await();
          return;
        }
        write(socket.getOutputStream(), answer);
        readBody(socket.getInputStream(), head);
        head = head(socket.getInputStream());
      }
    } catch (IOException e) {
      // The service has closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String answer(String head) {
    return head.contains("/cgi-bin/stable_token")
        ? ok("{\"access_token\":\"" + TOKEN + "\",\"expires_in\":7200}")
        : script.answer(head);
  }

  private static void write(OutputStream out, String answer) throws IOException {
    out.write(answer.getBytes(ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private void readBody(InputStream in, String head) throws IOException {
    var length = LENGTH.matcher(head);
    var left = length.find() ? Integer.parseInt(length.group(1)) : 0;
    var buffer = new byte[64 * 1024];
    while (left > 0) {
      var read = in.read(buffer, 0, Math.min(left, buffer.length));
      if (read < 0) {
        return;
      }
      bodies.add(new String(buffer, 0, read, ISO_8859_1));
      left -= read;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    threads.shutdownNow();
  }
}
