package io.minilogin.connection;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.observe.RequestId;
import io.minilogin.observe.TraceId;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemJson;
import io.minilogin.problem.ProblemType;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates responses with a problem for a connection on which no framework writes them. The
 * connection ends after the response.
 */
final class RefusalResponse {
  private RefusalResponse() {}

  /**
   * Returns the response.
   *
   * @param head the head of the refused request, if it has arrived; the problem shows its ids
   */
  static HttpResponse of(Problem problem, @Nullable HttpRequest head) {
    var type = problem.type();
    var headers = head == null ? EmptyHttpHeaders.INSTANCE : head.headers();
    var body =
        ProblemJson.of(
            problem,
            Optional.of(TraceId.of(headers.get(TraceId.HEADER))),
            RequestId.of(headers.getAll(RequestId.HEADER)));
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(type.status()),
            Unpooled.copiedBuffer(body, UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(CONNECTION, CLOSE)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    if (type == ProblemType.METHOD_NOT_ALLOWED) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, POST, PUT, DELETE");
    }
    return response;
  }
}
