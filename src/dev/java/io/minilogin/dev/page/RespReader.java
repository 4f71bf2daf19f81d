package io.minilogin.dev.page;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Splits a stream of RESP, the protocol of Redis, into messages. The parser of Vert.x' Redis client
 * is package-private.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP</a>
 */
final class RespReader {
  /** A status, an error, a number or a constant, with its type's character. */
  record Line(String text) {}

  /** The message continues in the next buffer. */
  private static final class Incomplete extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Incomplete() {
      super(null, null, false, false);
    }
  }

  private final Consumer<Object> messages;
  private Buffer unread = Buffer.buffer();
  private int position;
  private boolean isUnreadable;

  /**
   * @param messages receives each message: a {@link Line}, a byte array, or a list of such
   */
  RespReader(Consumer<Object> messages) {
    this.messages = messages;
  }

  /** Reads a part of the stream. Ignores the stream after a message that it does not know. */
  void read(Buffer part) {
    if (isUnreadable) {
      return;
    }
    unread = Buffer.buffer(unread.length() + part.length()).appendBuffer(unread).appendBuffer(part);
    var start = 0;
    try {
      while (start < unread.length()) {
        position = start;
        var message = next();
        start = position;
        messages.accept(message);
      }
    } catch (Incomplete e) {
      // The next part continues the message.
    } catch (IllegalArgumentException e) {
      isUnreadable = true;
    }
    unread = unread.getBuffer(start, unread.length());
  }

  private Object next() {
    var line = line();
    var size = line.length() > 1 && "$*%~>=!|".indexOf(line.charAt(0)) >= 0 ? size(line) : 0;
    return switch (line.charAt(0)) {
      case '+', '-', ':', ',', '#', '(', '_' -> new Line(line);
      case '$', '=', '!' -> size < 0 ? new Line("_") : bytes(size);
      case '*', '~', '>' -> size < 0 ? new Line("_") : list(size);
      case '%' -> list(2 * size);
      default -> throw new IllegalArgumentException("unknown type");
    };
  }

  private static int size(String line) {
    return Integer.parseInt(line.substring(1));
  }

  private String line() {
    for (int end = position; end + 1 < unread.length(); end++) {
      if (unread.getByte(end) == '\r' && unread.getByte(end + 1) == '\n') {
        var line = unread.getString(position, end);
        if (line.isEmpty()) {
          throw new IllegalArgumentException("empty line");
        }
        position = end + 2;
        return line;
      }
    }
    throw new Incomplete();
  }

  private byte[] bytes(int size) {
    if (position + size + 2 > unread.length()) {
      throw new Incomplete();
    }
    var bytes = unread.getBytes(position, position + size);
    position += size + 2;
    return bytes;
  }

  private List<Object> list(int size) {
    var list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(next());
    }
    return list;
  }
}
