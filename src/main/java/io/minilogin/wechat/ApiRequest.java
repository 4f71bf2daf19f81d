package io.minilogin.wechat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;
import java.util.Set;

/**
 * A call of WeChat's API as somebody else wants it made.
 *
 * @param path as it is sent
 * @param query as it is sent, behind the access token; may be empty
 * @param headers all that are sent, but for the body's length
 */
public record ApiRequest(
    HttpMethod method, String path, String query, MultiMap headers, Body body) {

  private static final Set<HttpMethod> MAY_BE_WITHOUT =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

  /** What is sent, always with its length: WeChat refuses chunks. */
  public sealed interface Body {}

  /** A body that is in memory. */
  public record Kept(Buffer bytes) implements Body {}

  /** A body that is read while it is sent, so it can be sent only once. */
  public record Streamed(ReadStream<Buffer> bytes, long length) implements Body {}

  Future<HttpClientResponse> sendOver(HttpClientRequest request) {
    request.headers().addAll(headers);
    if (body instanceof Streamed streamed) {
      request.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(streamed.length()));
      return request.send(streamed.bytes());
    }
    var bytes = ((Kept) body).bytes();
    // A body without bytes is none where nobody expects one.
    return bytes.length() == 0 && MAY_BE_WITHOUT.contains(method)
        ? request.send()
        : request.send(bytes);
  }

  @Override
  public String toString() {
    return "ApiRequest";
  }
}
