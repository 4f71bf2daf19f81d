package io.minilogin.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** A problem as an answer on a connection, where no framework writes it; the connection ends. */
final class RefusalResponse {
  private RefusalResponse() {}

  static HttpResponse of(Problem problem) {
    var type = problem.type();
    var body =
        """
        {"type":"%s","title":"%s","status":%d,"detail":"%s","action":"%s","trace_id":"%s"}"""
            .formatted(
                type.urn(),
                type.title(),
                type.status(),
                problem.detail(),
                problem.action().text(),
                TraceId.random());
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
      response.headers().set(HttpHeaderNames.ALLOW, "GET, POST, DELETE");
    }
    return response;
  }
}
