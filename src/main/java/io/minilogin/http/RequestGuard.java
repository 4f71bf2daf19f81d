package io.minilogin.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.minilogin.api.ApiRoute;
import io.minilogin.async.Deadlines;
import io.minilogin.metrics.Requests;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.spi.CDI;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Passes the requests of a connection on one at a time. The next request follows when the response
 * to the previous request has been written and the client reads its responses. Until then, nothing
 * more is read. The guard refuses requests for which Vert.x would wait without end, or which it
 * would not handle correctly:
 *
 * <ul>
 *   <li>The request line and the headers must arrive within {@link Deadlines#REQUEST_PART} of the
 *       first byte, and the body within the same time after them. Otherwise the response is 408.
 *       The body of a call of WeChat's API is read as fast as WeChat takes it; such a call has its
 *       own deadline.
 *   <li>A malformed chunk, a transfer coding other than chunked, or a second Host header leads to a
 *       400. CONNECT leads to a 405.
 * </ul>
 *
 * <p>After a refusal the connection ends, since the next bytes on it have no known meaning. It also
 * ends after any response with {@code Connection: close}. Pauses between two requests are left to
 * the idle timeout of the server.
 */
final class RequestGuard extends ChannelDuplexHandler {

  /**
   * Closing the connection while more data arrives would reset it, and the client could lose the
   * response.
   */
  private static final int LINGER_SECONDS = 1;

  /** Vert.x' names for the handlers of its codec, next to which the guard is installed. */
  private static final String DECODER = "httpDecoder";

  private static final String ENCODER = "httpEncoder";

  /** Bytes that are decoded at a time. No more requests wait than fit into these bytes. */
  private static final int SLICE = 1024;

  private static final int BODY_SLICE = 8 * 1024;
  private static final WriteBufferWaterMark UNREAD_ANSWERS =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private static final Problem TIMEOUT =
      Problem.of(ProblemType.REQUEST_TIMEOUT, "A request must arrive within 10 seconds.");
  private static final Problem MALFORMED =
      Problem.of(ProblemType.INVALID_REQUEST, "The request is not sent as HTTP wants it.");
  private static final Problem NO_TUNNEL =
      Problem.of(ProblemType.METHOD_NOT_ALLOWED, "CONNECT is not for this server.");

  private final Bytes bytes = new Bytes();
  private final ConnectionMemory memory = new ConnectionMemory();
  private final Queue<Object> waiting = new ArrayDeque<>();

  /** Whether the body of the last request that was passed on is still arriving. */
  private boolean isInBody;

  private boolean isForApi;
  private boolean isUnanswered;
  private boolean isLast;
  private boolean isRefused;
  private @Nullable HttpResponse refusal;
  private @Nullable Future<?> deadline;

  /** The head of the request whose body is arriving. */
  private @Nullable HttpRequest head;

  /** Bytes given to the decoder since the end of the last request. */
  private long incomplete;

  /**
   * Installs the guard on each connection and announces each port to {@link TrafficPort}. Netty
   * loads it as a service if the system property {@value
   * ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY} says so.
   */
  @RegisterForReflection
  public static final class Installer extends ChannelInitializerExtension {
    @Override
    public void postInitializeServerChildChannel(Channel channel) {
      channel.config().setWriteBufferWaterMark(UNREAD_ANSWERS);
      channel.pipeline().addFirst(new UntilCodec());
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel channel) {
      TrafficPort.opens(channel);
    }
  }

  /** Installs the guard when the codec exists, which is later than the connection. */
  private static final class UntilCodec extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var pipeline = context.pipeline();
      if (pipeline.get(ENCODER) != null) {
        var guard = new RequestGuard();
        pipeline.addBefore(DECODER, null, guard.bytes);
        ((ByteToMessageDecoder) pipeline.get(DECODER)).setCumulator(guard.bytes);
        pipeline.addAfter(ENCODER, null, guard);
        pipeline.addFirst(new TurnEndFlush());
        pipeline.addFirst(new StalledWrites());
        context.fireChannelRead(message);
        pipeline.remove(this);
      } else {
        context.fireChannelRead(message);
      }
    }
  }

  /**
   * Passes bytes on to the decoder while no request waits. As the decoder's cumulator, it knows
   * which bytes the decoder has not read yet. After the end of a request, these bytes are the
   * beginning of the next request.
   */
  private final class Bytes extends ChannelInboundHandlerAdapter implements Cumulator {
    private final Queue<ByteBuf> held = new ArrayDeque<>();

    /** The decoder's buffer, kept alive while the decoder reads. */
    private @Nullable ByteBuf undecoded;

    private @Nullable ChannelHandlerContext context;
    private boolean isPassing;

    /** Whether this handler stopped reading. Vert.x stops reading, too, for bodies. */
    private boolean isStopped;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (isRefused) {
        ReferenceCountUtil.release(message);
        return;
      }
      held.add((ByteBuf) message);
      pass(context);
    }

    /** Passes on the bytes that were held back, and resumes reading. */
    void resume() {
      if (context != null && !isPassing && !held.isEmpty() && waiting.isEmpty()) {
        pass(context);
        context.fireChannelReadComplete();
      }
      if (context != null && isStopped && held.isEmpty() && waiting.isEmpty() && !isPassing) {
        isStopped = false;
        context.channel().config().setAutoRead(true);
      }
    }

    private void pass(ChannelHandlerContext context) {
      if (isPassing) {
        return;
      }
      isPassing = true;
      try {
        while (!held.isEmpty() && waiting.isEmpty()) {
          var first = held.element();
          var size = Math.min(first.readableBytes(), isInBody ? BODY_SLICE : SLICE);
          incomplete += size;
          decode(
              context,
              size == first.readableBytes() ? held.remove() : first.readRetainedSlice(size));
        }
      } finally {
        isPassing = false;
      }
      if (!waiting.isEmpty()) {
        isStopped = true;
        context.channel().config().setAutoRead(false);
      }
    }

    private void decode(ChannelHandlerContext context, ByteBuf slice) {
      try {
        context.fireChannelRead(slice);
      } finally {
        ReferenceCountUtil.release(undecoded);
        undecoded = null;
      }
    }

    @Override
    public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf before, ByteBuf slice) {
      var all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, slice);
      undecoded = all.retain();
      return all;
    }

    /**
     * Returns the number of bytes that the decoder has not read, or 0 if they are line ends between
     * requests.
     */
    int undecoded() {
      return undecoded == null || undecoded.forEachByte(ByteProcessor.FIND_NON_CRLF) < 0
          ? 0
          : undecoded.readableBytes();
    }

    long size() {
      return held.stream().mapToLong(ByteBuf::capacity).sum();
    }

    void release() {
      held.forEach(ReferenceCountUtil::release);
      held.clear();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof LastHttpContent) {
      incomplete = bytes.undecoded();
    }
    if (isRefused) {
      if (isLast && message instanceof LastHttpContent) {
        // This ends a request that was answered before all of it had arrived.
        isInBody = false;
      }
      ReferenceCountUtil.release(message);
    } else if (!waiting.isEmpty() || (message instanceof HttpRequest && !canPass(context))) {
      cancelDeadline();
      waiting.add(message);
    } else {
      pass(context, message);
    }
  }

  /** Returns whether a request can be passed on. */
  private boolean canPass(ChannelHandlerContext context) {
    return !isUnanswered && context.channel().isWritable();
  }

  private void passWaiting(ChannelHandlerContext context) {
    var hasPassed = false;
    while (!waiting.isEmpty()
        && (isRefused || !(waiting.element() instanceof HttpRequest) || canPass(context))) {
      var message = waiting.remove();
      if (isRefused) {
        ReferenceCountUtil.release(message);
      } else {
        hasPassed = true;
        pass(context, message);
      }
    }
    if (waiting.isEmpty()) {
      bytes.resume();
    }
    if (hasPassed) {
      // Vert.x sends its responses when it has read all available data.
      channelReadComplete(context);
    }
  }

  private void pass(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      cancelDeadline();
      head = request;
      isUnanswered = true;
      isInBody = true;
      MessageHeads.toOriginForm(request);
      isForApi = ApiRoute.isPassedOn(request.uri());
      MessageHeads.endAfterAnnouncedBody(request);
      if (request.decoderResult().isFailure()) {
        countMalformed(ProblemType.INVALID_REQUEST);
      } else if (request.method().equals(HttpMethod.CONNECT)) {
        refuse(context, message, NO_TUNNEL);
        return;
      } else if (MessageHeads.hasUnknownCoding(request) || MessageHeads.hasSeveralHosts(request)) {
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
        cancelDeadline();
        isInBody = false;
        head = null;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var isInHead = incomplete > 0 && !isInBody;
    // Bodies of calls that are passed on have their own limits.
    var isLimited = !isRefused && !(isForApi && isInBody);
    if (!memory.holds(bytes.size() + (isLimited ? incomplete : 0))) {
      context.close();
    } else if ((isInHead || (isInBody && !isForApi))
        && deadline == null
        && waiting.isEmpty()
        && !isRefused) {
      deadline =
          context
              .executor()
              .schedule(
                  () -> refuse(context, null, TIMEOUT),
                  Deadlines.REQUEST_PART.toSeconds(),
                  SECONDS);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.fireChannelWritabilityChanged();
    passWaiting(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (isRefused && !isUnanswered) {
      ReferenceCountUtil.release(message);
      // Write an empty buffer instead: a listener of the promise may close the connection.
      context.write(Unpooled.EMPTY_BUFFER, promise);
    } else if (MessageHeads.isInterim(message)) {
      context.write(message, promise);
    } else {
      var sent = promise.unvoid();
      if (message instanceof HttpResponse response) {
        MessageHeads.endAfterUnknownLength(response);
        isLast = response.headers().contains(CONNECTION, CLOSE, true);
      }
      if (message instanceof LastHttpContent) {
        responseEnds(context, sent);
      }
      context.write(message, sent);
    }
  }

  private void responseEnds(ChannelHandlerContext context, ChannelPromise sent) {
    isUnanswered = false;
    if (isLast) {
      isRefused = true;
      refusal = null;
      sent.addListener(done -> end(context));
    } else if (refusal != null) {
      var response = refusal;
      sent.addListener(done -> answerRefusal(context, response));
    } else if (!waiting.isEmpty()) {
      // Wait until Vert.x has ended this request.
      context.executor().execute(() -> passWaiting(context));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    memory.holds(0);
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    bytes.release();
    context.fireChannelInactive();
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Refuses the arriving request, after the response to the previous request. */
  private void refuse(ChannelHandlerContext context, @Nullable Object message, Problem problem) {
    ReferenceCountUtil.release(message);
    cancelDeadline();
    isRefused = true;
    countMalformed(problem.type());
    var response = RefusalResponse.of(problem, head);
    if (isUnanswered && !isInBody) {
      refusal = response;
    } else {
      isUnanswered = false;
      answerRefusal(context, response);
    }
  }

  private void answerRefusal(ChannelHandlerContext context, HttpResponse response) {
    isInBody = true;
    context.writeAndFlush(response).addListener(sent -> end(context));
  }

  /** Counts a malformed request. Netty's extensions have no other access to a bean. */
  private static void countMalformed(ProblemType problem) {
    CDI.current().select(Requests.class).get().operation(Requests.MALFORMED).failed(problem.text());
  }

  /**
   * Ends the connection. If the request is still arriving, drops its remaining bytes for {@value
   * #LINGER_SECONDS} s first.
   */
  private void end(ChannelHandlerContext context) {
    bytes.release();
    context.channel().config().setAutoRead(true);
    if (isInBody) {
      if (context.channel() instanceof DuplexChannel duplex) {
        duplex.shutdownOutput();
      }
      context.executor().schedule(() -> context.close(), LINGER_SECONDS, SECONDS);
    } else {
      context.close();
    }
  }
}
