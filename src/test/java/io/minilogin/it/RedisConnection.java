package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.dev.EmbeddedRedis;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A direct connection to Redis, independent of the service.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP</a>
 */
public final class RedisConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream input;

  RedisConnection(EmbeddedRedis redis) {
    this(redis.port());
  }

  public RedisConnection(int port) {
    try {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      input = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the key of a token's session. The key can be computed from the token alone. */
  static String sessionKey(String token) {
    return "ml:s:" + sessionId(token);
  }

  /** Returns the key of the hash with the user's data and index. */
  static String userKey(String appid, String openid) {
    return "ml:u:" + sessionId(appid + "\0" + openid);
  }

  static String sessionId(String token) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the keys that match this pattern, such as {@code ml:s:*}. */
  List<String> keys(String pattern) {
    return texts(send("KEYS", pattern));
  }

  byte[] get(String key) {
    return (byte[]) send("GET", key);
  }

  void set(String key, byte[] value) {
    send("SET", key, value, "PX", "600000");
  }

  /** Returns alternating fields and values. */
  List<byte[]> hash(String key) {
    return ((List<?>) send("HGETALL", key)).stream().map(value -> (byte[]) value).toList();
  }

  /** Returns the TTL in milliseconds. It is negative without a TTL or without the key. */
  long timeToLive(String key) {
    return (Long) send("PTTL", key);
  }

  /**
   * Sends a command whose parts are texts or byte arrays. Returns a byte array, a Long, a list of
   * these, or null. Throws an exception for an error reply.
   */
  public Object send(Object... command) {
    try {
      var bytes = new ByteArrayOutputStream();
      bytes.writeBytes(("*" + command.length + "\r\n").getBytes(UTF_8));
      for (var part : command) {
        var content = part instanceof byte[] raw ? raw : part.toString().getBytes(UTF_8);
        bytes.writeBytes(("$" + content.length + "\r\n").getBytes(UTF_8));
        bytes.writeBytes(content);
        bytes.writeBytes("\r\n".getBytes(UTF_8));
      }
      socket.getOutputStream().write(bytes.toByteArray());
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(Arrays.toString(command), e);
    }
  }

  static List<String> texts(Object reply) {
    return ((List<?>) reply).stream().map(value -> new String((byte[]) value, ISO_8859_1)).toList();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object read() throws IOException {
    var line = line();
    var rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest.getBytes(UTF_8);
      case ':' -> Long.valueOf(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException(line);
    };
  }

  private byte[] bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    var content = input.readNBytes(length);
    input.readNBytes(2);
    return content;
  }

  private List<Object> array(int length) throws IOException {
    var all = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      all.add(read());
    }
    return all;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = input.read(); c != '\r'; c = input.read()) {
      if (c < 0) {
        throw new IOException("Redis closed the connection");
      }
      line.append((char) c);
    }
    input.read();
    return line.toString();
  }
}
