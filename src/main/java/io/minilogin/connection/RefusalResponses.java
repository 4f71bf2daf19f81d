package io.minilogin.connection;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.observe.RequestId;
import io.minilogin.observe.Requests;
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
import jakarta.enterprise.inject.spi.CDI;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Creates and counts the responses to refused requests, for a connection on which no framework
 * writes them. The connection ends after the response.
 */
final class RefusalResponses {
  private final BiFunction<Problem, String, Problem> problemAt;

  /**
   * Creates the responses of a connection.
   *
   * @param problemAt returns a problem in the form that callers of this target expect
   */
  RefusalResponses(BiFunction<Problem, String, Problem> problemAt) {
    this.problemAt = problemAt;
  }

  /**
   * Counts the refusal and returns the response.
   *
   * @param head the head of the refused request, if it has arrived; the problem shows its ids
   */
  HttpResponse refuse(Problem problem, @Nullable HttpRequest head) {
    countMalformed(problem.type());
    return response(head == null ? problem : problemAt.apply(problem, head.uri()), head);
  }

  /** Counts a refused request. Netty's extensions have no other access to a bean. */
  private static void countMalformed(ProblemType problem) {
    CDI.current()
        .select(Requests.class)
        .get()
        .operation(Requests.MALFORMED)
        .failed(problem.metricName());
  }

  private static HttpResponse response(Problem problem, @Nullable HttpRequest head) {
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
