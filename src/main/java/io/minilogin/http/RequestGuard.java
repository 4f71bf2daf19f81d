package io.minilogin.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.minilogin.api.ApiRoute;
import io.minilogin.async.Deadlines;
import io.minilogin.metrics.Requests;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.spi.CDI;

/**
 * Refuses what Vert.x would wait for without end, or stumble over, on a connection:
 *
 * <ul>
 *   <li>A request's line and headers must be there {@link Deadlines#REQUEST_PART} after its first
 *       byte, its body as long after that: 408 else. The body of a call of WeChat's API is read as
 *       fast as WeChat takes it; that call has a deadline of its own.
 *   <li>A malformed chunk, or a transfer coding other than chunked, is a 400.
 * </ul>
 *
 * Then the connection ends, since nobody can tell what would come next on it; so it does after any
 * answer that says so. Whoever takes their time between two requests is not meant: that is for the
 * idle timeout of the server.
 */
final class RequestGuard extends ChannelDuplexHandler {

  /** To close while more is on its way would reset the connection under the answer. */
  private static final int LINGER_SECONDS = 1;

  /** Vert.x' names for its handlers, between which this one stands. */
  private static final String DECODER = "httpDecoder";

  private static final String ENCODER = "httpEncoder";

  private static final Problem TIMEOUT =
      Problem.of(ProblemType.REQUEST_TIMEOUT, "A request must arrive within 10 seconds.");
  private static final Problem MALFORMED =
      Problem.of(ProblemType.INVALID_REQUEST, "The body is not sent as HTTP wants it.");

  private boolean hasBytes;
  private boolean hasMessage;
  private boolean isInBody;
  private boolean isForApi;
  private boolean isLast;
  private boolean isRefused;
  private int unanswered;
  private Future<?> deadline;

  /**
   * Netty finds it as a service, when the system property {@value
   * ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY} says so, and tells it of each
   * connection, and of each port.
   */
  @RegisterForReflection
  public static final class Installer extends ChannelInitializerExtension {
    @Override
    public void postInitializeServerChildChannel(Channel channel) {
      channel.pipeline().addFirst(new Waiting());
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel channel) {
      TrafficPort.opens(channel);
    }
  }

  /** Waits until the codec is there, which is later than the connection. */
  private static final class Waiting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var pipeline = context.pipeline();
      if (pipeline.get(ENCODER) != null) {
        var guard = new RequestGuard();
        pipeline.addBefore(DECODER, null, guard.new Bytes());
        pipeline.addAfter(ENCODER, null, guard);
        pipeline.addFirst(new TurnEndFlush());
        context.fireChannelRead(message);
        pipeline.remove(this);
      } else {
        context.fireChannelRead(message);
      }
    }
  }

  /** In front of the codec: notices bytes that make no message yet. */
  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      hasBytes = true;
      context.fireChannelRead(message);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isRefused) {
      ReferenceCountUtil.release(message);
      return;
    }
    hasMessage = true;
    if (message instanceof HttpRequest request) {
      arrived();
      if (request.decoderResult().isFailure()) {
        noteMalformed(ProblemType.INVALID_REQUEST);
      }
      unanswered++;
      isInBody = true;
      isForApi = ApiRoute.isHere(request.uri());
      endAfterAnnouncedBody(request);
      if (hasUnknownCoding(request)) {
        refuse(context, message, MALFORMED);
        return;
      }
    }
    if (message instanceof HttpContent content) {
      if (content.decoderResult().isFailure() && !(message instanceof HttpRequest)) {
        refuse(context, message, MALFORMED);
        return;
      }
      if (message instanceof LastHttpContent) {
        arrived();
        isInBody = false;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var isInHead = hasBytes && !hasMessage && !isInBody;
    if ((isInHead || (isInBody && !isForApi)) && deadline == null && !isRefused) {
      deadline =
          context
              .executor()
              .schedule(
                  () -> refuse(context, null, TIMEOUT),
                  Deadlines.REQUEST_PART.toSeconds(),
                  SECONDS);
    }
    hasBytes = false;
    hasMessage = false;
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (isRefused) {
      ReferenceCountUtil.release(message);
      // In its place, since what waits for it may close the connection.
      context.write(Unpooled.EMPTY_BUFFER, promise);
    } else if (isInterim(message)) {
      context.write(message, promise);
    } else {
      var sent = promise.unvoid();
      if (message instanceof HttpResponse response) {
        isLast = response.headers().contains(CONNECTION, CLOSE, true);
      }
      if (message instanceof LastHttpContent) {
        unanswered--;
        if (isLast) {
          isRefused = true;
          sent.addListener(done -> end(context));
        }
      }
      context.write(message, sent);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    arrived();
    context.fireChannelInactive();
  }

  private void arrived() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void refuse(ChannelHandlerContext context, Object message, Problem problem) {
    ReferenceCountUtil.release(message);
    arrived();
    var isNextToBeAnswered = unanswered == (isInBody ? 1 : 0);
    isRefused = true;
    noteMalformed(problem.type());
    if (isNextToBeAnswered) {
      isInBody = true;
      context.writeAndFlush(response(problem)).addListener(sent -> end(context));
    } else {
      context.close();
    }
  }

  /** Netty has no way from its extensions to a bean. */
  private static void noteMalformed(ProblemType problem) {
    CDI.current().select(Requests.class).get().operation(Requests.MALFORMED).failed(problem.text());
  }

  /** What still comes of a request is dropped for a while. */
  private void end(ChannelHandlerContext context) {
    if (isInBody) {
      if (context.channel() instanceof DuplexChannel duplex) {
        duplex.shutdownOutput();
      }
      context.executor().schedule(() -> context.close(), LINGER_SECONDS, SECONDS);
    } else {
      context.close();
    }
  }

  private static HttpResponse response(Problem problem) {
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
    return response;
  }

  /**
   * With HTTP/1.0 the next request would be swallowed by a body that was announced and never sent:
   * there Vert.x says that the connection is kept whatever the answer says.
   */
  private static void endAfterAnnouncedBody(HttpRequest request) {
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        && (HttpUtil.isContentLengthSet(request) || HttpUtil.isTransferEncodingChunked(request))) {
      request.headers().remove(CONNECTION);
    }
  }

  /** Netty's decoder takes any list with "chunked" in it for chunked, and no other for a body. */
  private static boolean hasUnknownCoding(HttpRequest request) {
    var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return !codings.isEmpty()
        && (codings.size() > 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0).strip()));
  }

  /** A 100 or 103, after which the answer is still to come. */
  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
