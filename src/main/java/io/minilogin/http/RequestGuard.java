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
 * Passes the requests of a connection on one at a time: the next one once the answer to the one
 * before is written and the client reads its answers. Until then, nothing more is read. It refuses
 * what Vert.x would wait for without end, or stumble over:
 *
 * <ul>
 *   <li>A request's line and headers must be there {@link Deadlines#REQUEST_PART} after its first
 *       byte, its body as long after that: 408 else. The body of a call of WeChat's API is read as
 *       fast as WeChat takes it; that call has a deadline of its own.
 *   <li>A malformed chunk, a transfer coding other than chunked, or a second Host is a 400; CONNECT
 *       is a 405.
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

  /** Bytes that are decoded at a time: no more requests than fit into them wait. */
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

  /** Bytes given to the decoder since the last request ended there. */
  private long incomplete;

  /**
   * Netty finds it as a service, when the system property {@value
   * ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY} says so, and tells it of each
   * connection, and of each port.
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

  /** Waits until the codec is there, which is later than the connection. */
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
   * which bytes the decoder has not read yet: after the end of a request, they are the beginning of
   * the next one.
   */
  private final class Bytes extends ChannelInboundHandlerAdapter implements Cumulator {
    private final Queue<ByteBuf> held = new ArrayDeque<>();

    /** The decoder's buffer, kept alive while the decoder reads. */
    private @Nullable ByteBuf undecoded;

    private @Nullable ChannelHandlerContext context;
    private boolean isPassing;

    /** Whether reading was stopped here: Vert.x stops it as well, for bodies. */
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

    /** Goes on with what was held. */
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
     * Returns the bytes that the decoder has not read, unless they are line ends between requests.
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
        // The end of the request that was answered before it had arrived as a whole.
        isInBody = false;
      }
      ReferenceCountUtil.release(message);
    } else if (!waiting.isEmpty() || (message instanceof HttpRequest && !isFree(context))) {
      arrived();
      waiting.add(message);
    } else {
      pass(context, message);
    }
  }

  /** Whether a request can be passed on. */
  private boolean isFree(ChannelHandlerContext context) {
    return !isUnanswered && context.channel().isWritable();
  }

  private void passWaiting(ChannelHandlerContext context) {
    var isAny = false;
    while (!waiting.isEmpty()
        && (isRefused || !(waiting.element() instanceof HttpRequest) || isFree(context))) {
      var message = waiting.remove();
      if (isRefused) {
        ReferenceCountUtil.release(message);
      } else {
        isAny = true;
        pass(context, message);
      }
    }
    if (waiting.isEmpty()) {
      bytes.resume();
    }
    if (isAny) {
      // Vert.x sends its answers when it has read all that there is.
      channelReadComplete(context);
    }
  }

  private void pass(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      arrived();
      head = request;
      isUnanswered = true;
      isInBody = true;
      MessageHeads.toOriginForm(request);
      isForApi = ApiRoute.isPassedOn(request.uri());
      MessageHeads.endAfterAnnouncedBody(request);
      if (request.decoderResult().isFailure()) {
        noteMalformed(ProblemType.INVALID_REQUEST);
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
        arrived();
        isInBody = false;
        head = null;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var isInHead = incomplete > 0 && !isInBody;
    // Bodies of calls that are passed on have limits of their own.
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
      // In its place, since what waits for it may close the connection.
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
        answered(context, sent);
      }
      context.write(message, sent);
    }
  }

  private void answered(ChannelHandlerContext context, ChannelPromise sent) {
    isUnanswered = false;
    if (isLast) {
      isRefused = true;
      refusal = null;
      sent.addListener(done -> end(context));
    } else if (refusal != null) {
      var response = refusal;
      sent.addListener(done -> answerRefusal(context, response));
    } else if (!waiting.isEmpty()) {
      // Not before Vert.x has ended this one.
      context.executor().execute(() -> passWaiting(context));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    arrived();
    memory.holds(0);
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    bytes.release();
    context.fireChannelInactive();
  }

  private void arrived() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Refuses the request that is arriving, after the answer to the one before. */
  private void refuse(ChannelHandlerContext context, @Nullable Object message, Problem problem) {
    ReferenceCountUtil.release(message);
    arrived();
    isRefused = true;
    noteMalformed(problem.type());
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

  /** Netty has no way from its extensions to a bean. */
  private static void noteMalformed(ProblemType problem) {
    CDI.current().select(Requests.class).get().operation(Requests.MALFORMED).failed(problem.text());
  }

  /** What still comes of a request is dropped for a while. */
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
