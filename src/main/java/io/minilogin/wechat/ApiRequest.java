package io.minilogin.wechat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;

/**
 * A call of WeChat's API as somebody else wants it made.
 *
 * @param path as it is sent
 * @param query as it is sent, behind the access token; may be empty
 * @param headers all that are sent, but for the body's length
 */
public record ApiRequest(
    HttpMethod method, String path, String query, MultiMap headers, Body body) {

  /** What is sent, always with its length: WeChat refuses chunks. */
  public sealed interface Body {}

  /** A body that is in memory. */
  public record Kept(Buffer bytes) implements Body {}

  /** A body that is read while it is sent, so it can be sent only once. */
  public record Streamed(ReadStream<Buffer> bytes, long length) implements Body {}

  @Override
  public String toString() {
    return "ApiRequest";
  }
}
