package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * A proxy in front of Redis, like the proxies of cloud providers in front of a cluster. It supports
 * fewer commands than Redis and refuses a script unless each call in it names its key as {@code
 * KEYS[n]}.
 *
 * <p>It replaces a refused command with a script that fails with the error of the proxy, so that
 * the replies stay in order.
 */
final class CloudProxy implements AutoCloseable {
  private static final Set<String> UNKNOWN =
      Set.of("HELLO", "CLIENT", "SELECT", "SCRIPT", "MULTI", "CLUSTER", "CONFIG");

  private static final Pattern CALL = Pattern.compile("redis\\.p?call\\(([^)]*)");
  private static final Pattern KEY = Pattern.compile("\\s*'[A-Z]+',\\s*KEYS\\[\\d+\\].*");

  private final int redis;
  private final ServerSocket server;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private volatile boolean refusesScripts;

  CloudProxy(int redis) throws IOException {
    this.redis = redis;
    server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    SocketThread.start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Returns the refused commands and scripts. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  /** Refuses all scripts, or accepts them again, and closes all connections. */
  void refuseScripts(boolean all) throws IOException {
    refusesScripts = all;
    for (var socket : List.copyOf(sockets)) {
      sockets.remove(socket);
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      var client = server.accept();
      var backend = new Socket(InetAddress.getLoopbackAddress(), redis);
      client.setTcpNoDelay(true);
      backend.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(backend);
      SocketThread.start(() -> passReplies(backend, client));
      SocketThread.start(() -> passCommands(client, backend));
    }
  }

  private static void passReplies(Socket backend, Socket client) throws IOException {
    try (backend;
        client) {
      backend.getInputStream().transferTo(client.getOutputStream());
    }
  }

  private void passCommands(Socket client, Socket backend) throws IOException {
    try (backend;
        client) {
      var input = new BufferedInputStream(client.getInputStream());
      for (var command = read(input); !command.isEmpty(); command = read(input)) {
        write(backend.getOutputStream(), judged(command));
      }
    }
  }

  private List<String> judged(List<String> command) {
    var name = command.get(0).toUpperCase(Locale.ROOT);
    if (UNKNOWN.contains(name)) {
      refused.add(name);
      return failing("unsupported command '" + name + "'");
    }
    if (name.equals("EVAL") && (refusesScripts || !namesItsKeys(command.get(1)))) {
      refused.add(command.get(1));
      return failing("ERR bad lua script for redis cluster");
    }
    return name.equals("EVALSHA") && refusesScripts
        ? failing("NOSCRIPT No matching script. Please use EVAL.")
        : command;
  }

  private static boolean namesItsKeys(String script) {
    return CALL.matcher(script).results().allMatch(call -> KEY.matcher(call.group(1)).matches());
  }

  private static List<String> failing(String error) {
    return List.of("EVAL", "return redis.error_reply(ARGV[1])", "0", error);
  }

  /**
   * Reads a command as an array of bulk strings. The array is empty at the end of the connection.
   */
  private static List<String> read(InputStream input) throws IOException {
    var parts = new ArrayList<String>();
    var count = line(input);
    for (int i = 0; !count.isEmpty() && i < Integer.parseInt(count.substring(1)); i++) {
      var length = Integer.parseInt(line(input).substring(1));
      parts.add(new String(input.readNBytes(length), ISO_8859_1));
      line(input);
    }
    return parts;
  }

  private static String line(InputStream input) throws IOException {
    var line = new StringBuilder();
    for (int c = input.read(); c >= 0 && c != '\n'; c = input.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void write(OutputStream output, List<String> command) throws IOException {
    var bytes = new StringBuilder("*" + command.size() + "\r\n");
    command.forEach(part -> bytes.append("$" + part.length() + "\r\n" + part + "\r\n"));
    output.write(bytes.toString().getBytes(ISO_8859_1));
    output.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    refuseScripts(false);
  }
}
