package io.minilogin.wechat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads a reply of WeChat's: JSON in UTF-8, at most {@value #LIMIT} bytes, whatever its
 * Content-Type.
 */
@Singleton
class ReplyReader {
  /** Real replies have a few hundred bytes. */
  private static final int LIMIT = 64 * 1024;

  private final ObjectMapper json;

  ReplyReader(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Fails with an {@link UncheckedIOException} for a body that is too large or is not the JSON of
   * the type.
   */
  <T> Uni<T> read(Multi<byte[]> body, Class<T> type) {
    return body.collect()
        .in(ByteArrayOutputStream::new, ReplyReader::append)
        .map(bytes -> parse(bytes.toByteArray(), type));
  }

  /** Throwing cancels the rest, which closes the connection. */
  private static void append(ByteArrayOutputStream read, byte[] piece) {
    if (read.size() + piece.length > LIMIT) {
      throw new UncheckedIOException(new IOException("reply over " + LIMIT + " bytes"));
    }
    read.writeBytes(piece);
  }

  private <T> T parse(byte[] body, Class<T> type) {
    try {
      return json.readValue(body, type);
    } catch (IOException e) {
      // Jackson's message may quote the reply, so nothing of it is kept.
      throw new UncheckedIOException(new IOException("reply is not the expected JSON"));
    }
  }
}
