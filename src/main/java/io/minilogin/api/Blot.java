package io.minilogin.api;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Puts asterisks in the place of a text wherever it is in a stream of bytes: as many, so that what
 * has been said of the length stays true.
 */
final class Blot {
  private final byte[] text;
  private byte[] held = new byte[0];

  Blot(byte[] text) {
    this.text = text;
  }

  /**
   * What can be sent after this piece has come: not yet its end if that may be the text's
   * beginning.
   */
  Buffer next(Buffer piece) {
    var bytes = joined(piece);
    var begin = 0;
    var end = bytes.length;
    while (begin < bytes.length) {
      var length = matching(bytes, begin);
      if (length == text.length) {
        Arrays.fill(bytes, begin, begin + length, (byte) '*');
        begin += length;
      } else if (length > 0 && begin + length == bytes.length) {
        end = begin;
        break;
      } else {
        begin++;
      }
    }
    held = Arrays.copyOfRange(bytes, end, bytes.length);
    return Buffer.buffer(end == bytes.length ? bytes : Arrays.copyOf(bytes, end));
  }

  /** What is left when nothing comes any more. */
  Buffer rest() {
    return Buffer.buffer(held);
  }

  private byte[] joined(Buffer piece) {
    var bytes = Arrays.copyOf(held, held.length + piece.length());
    piece.getBytes(bytes, held.length);
    return bytes;
  }

  /** How many bytes from there on are the text's first ones. */
  private int matching(byte[] bytes, int from) {
    var most = Math.min(text.length, bytes.length - from);
    var mismatch = Arrays.mismatch(bytes, from, from + most, text, 0, most);
    return mismatch < 0 ? most : mismatch;
  }
}
