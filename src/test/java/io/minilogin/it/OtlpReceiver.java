package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A collector that keeps all received spans, over gRPC or HTTP.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/">OTLP</a>
 */
final class OtlpReceiver implements AutoCloseable {
  /**
   * The length of the prefix of a gRPC message: a compression flag and the length of the message.
   */
  private static final int PREFIX = 5;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Queue<Buffer> messages = new ConcurrentLinkedQueue<>();

  OtlpReceiver() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /**
   * Makes a service export its spans here soon after they end. The instrumentation of Quarkus is
   * enabled, too, and must have no effect.
   */
  ServiceProcess.Builder tracing(ServiceProcess.Builder service) {
    return service
        .with("QUARKUS_OTEL_SDK_DISABLED", "false")
        .with("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + server.actualPort())
        .with("QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "50MS")
        .with("QUARKUS_OTEL_INSTRUMENT_VERTX_HTTP", "true")
        .with("QUARKUS_OTEL_INSTRUMENT_VERTX_REDIS_CLIENT", "true");
  }

  private void take(HttpServerRequest request, Buffer body) {
    var isGrpc = "application/grpc".equals(request.getHeader("Content-Type"));
    messages.add(isGrpc ? body.slice(PREFIX, body.length()) : body);
    var response = request.response();
    response.putHeader("Content-Type", request.getHeader("Content-Type"));
    if (isGrpc) {
      response.putTrailer("grpc-status", "0").end(Buffer.buffer(new byte[PREFIX]));
    } else {
      response.end();
    }
  }

  /** Returns all spans so far, in the order of their ends. */
  List<Span> spans() {
    return messages.stream()
        .map(OtlpReceiver::parsed)
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /** Returns the spans of a trace once one of its requests has ended. */
  List<Span> trace(String traceId) {
    return trace(traceId, 1);
  }

  /** Returns the spans of a trace once this number of its requests has ended. */
  List<Span> trace(String traceId, int requests) {
    return await()
        .until(
            () -> spans().stream().filter(span -> hex(span.getTraceId()).equals(traceId)).toList(),
            spans ->
                spans.stream()
                        .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
                        .count()
                    >= requests);
  }

  /** Returns each received message with one character per byte. */
  List<String> raw() {
    return messages.stream().map(message -> message.toString(ISO_8859_1)).toList();
  }

  static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static ExportTraceServiceRequest parsed(Buffer message) {
    try {
      return ExportTraceServiceRequest.parseFrom(message.getBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
