package io.minilogin.relay;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Replaces each occurrence of a text in a stream of bytes with asterisks. The length stays the
 * same, so an announced Content-Length stays correct.
 */
final class ValueRedactor {
  private final byte[] text;
  private byte[] held = new byte[0];

  ValueRedactor(byte[] text) {
    this.text = text;
  }

  /**
   * Returns the bytes that can be sent after this piece. Holds back the end of the piece if it may
   * be the beginning of the text.
   */
  Buffer next(Buffer piece) {
    var bytes = joined(piece);
    var begin = 0;
    var end = bytes.length;
    while (begin < bytes.length) {
      var length = matchLength(bytes, begin);
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

  /** Returns the bytes that were held back. Called after the last piece. */
  Buffer rest() {
    return Buffer.buffer(held);
  }

  private byte[] joined(Buffer piece) {
    var bytes = Arrays.copyOf(held, held.length + piece.length());
    piece.getBytes(bytes, held.length);
    return bytes;
  }

  /** Returns the number of bytes at this position that match the beginning of the text. */
  private int matchLength(byte[] bytes, int from) {
    var most = Math.min(text.length, bytes.length - from);
    var mismatch = Arrays.mismatch(bytes, from, from + most, text, 0, most);
    return mismatch < 0 ? most : mismatch;
  }
}
