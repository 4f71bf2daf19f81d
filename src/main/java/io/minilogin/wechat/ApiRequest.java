package io.minilogin.wechat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;

/**
 * A call of WeChat's API on behalf of a backend.
 *
 * @param path the path, sent unchanged
 * @param query the query, sent unchanged after the access token; may be empty
 * @param headers all headers except Content-Length
 */
public record ApiRequest(
    HttpMethod method, String path, String query, MultiMap headers, Body body) {

  /** The body of a call. It is sent with a Content-Length, because WeChat refuses chunks. */
  public sealed interface Body {}

  /** A body in memory. */
  public record Kept(Buffer bytes) implements Body {}

  /** A body that is streamed, so it can be sent only once. */
  public record Streamed(ReadStream<Buffer> bytes, long length) implements Body {}

  @Override
  public String toString() {
    return "ApiRequest";
  }
}
