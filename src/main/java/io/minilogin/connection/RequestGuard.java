package io.minilogin.connection;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.minilogin.async.Deadlines;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Passes the requests of a connection on one at a time. The next request follows when the response
 * to the previous request has been written and the client reads its responses. Until then, nothing
 * more is read. The guard refuses requests for which Vert.x would wait without end, which it would
 * not handle correctly, or which it would refuse without a problem:
 *
 * <ul>
 *   <li>The request line and the headers must arrive within {@link Deadlines#REQUEST_PART} of the
 *       first byte, and the body within the same time after them. Otherwise the response is 408. A
 *       body that is forwarded while it arrives may take longer if the receiver is slower than the
 *       sender: the pauses of the sender are limited then, and the call has its own deadline.
 *   <li>A malformed head or chunk, a transfer coding other than chunked, or a second Host header
 *       leads to a 400. CONNECT leads to a 405, a request line over the limit to a 414, and headers
 *       over the limit to a 431.
 * </ul>
 *
 * <p>After a refusal the connection ends, since the next bytes on it have no known meaning. It also
 * ends after any response with {@code Connection: close}. Pauses between two requests are left to
 * the idle timeout of the server.
 */
public final class RequestGuard extends ChannelDuplexHandler {

  /**
   * Closing the connection while more data arrives would reset it, and the client could lose the
   * response.
   */
  private static final int LINGER_SECONDS = 1;

  /** Vert.x' names for the handlers of its codec, next to which the guard is installed. */
  private static final String DECODER = "httpDecoder";

  private static final String ENCODER = "httpEncoder";

  private static final Problem TIMEOUT =
      Problem.of(ProblemType.REQUEST_TIMEOUT, "A request must arrive within 10 seconds.");

  private final Predicate<String> isStreamed;
  private final RefusalResponses refusals;
  private final RequestBytes bytes = new RequestBytes(this);
  private final ArrivingRequest arriving = new ArrivingRequest();

  /** Decoded messages that wait for the response to the previous request. */
  private final Queue<Object> waiting = new ArrayDeque<>();

  /** Whether the last request that was passed on has no complete response yet. */
  private boolean isUnanswered;

  /** Whether a response has begun and has not ended. */
  private boolean isAnswering;

  /** Whether the connection ends after the present response. */
  private boolean isLast;

  /** Whether everything else that arrives is dropped. */
  private boolean isRefused;

  /** The response to a refused request, which follows the response to the previous request. */
  private @Nullable HttpResponse refusal;

  /**
   * Creates the guard of a connection.
   *
   * @param isStreamed whether the service passes on the body of a request with this target while it
   *     arrives
   * @param problemAt returns a problem in the form that callers of this target expect
   */
  public RequestGuard(
      Predicate<String> isStreamed, BiFunction<Problem, String, Problem> problemAt) {
    this.isStreamed = isStreamed;
    this.refusals = new RefusalResponses(problemAt);
  }

  /** Adds the handlers of the guard next to the codec of Vert.x, if the codec is there. */
  public boolean install(ChannelPipeline pipeline) {
    if (pipeline.get(ENCODER) == null) {
      return false;
    }
    pipeline.addBefore(DECODER, null, bytes);
    ((ByteToMessageDecoder) pipeline.get(DECODER)).setCumulator(bytes);
    pipeline.addAfter(ENCODER, null, this);
    return true;
  }

  boolean isRefused() {
    return isRefused;
  }

  /** Returns whether a decoded message waits for its turn. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  boolean isInBody() {
    return arriving.isInBody();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof LastHttpContent) {
      bytes.requestEnds();
    }
    if (isRefused) {
      if (isLast && message instanceof LastHttpContent) {
        // This ends a request that was answered before all of it had arrived.
        arriving.end();
      }
      ReferenceCountUtil.release(message);
    } else if (!waiting.isEmpty() || (message instanceof HttpRequest && !canPass(context))) {
      arriving.cancelDeadline();
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
      isUnanswered = true;
      MessageHeads.toOriginForm(request);
      arriving.begin(request, isStreamed.test(request.uri()));
      MessageHeads.endAfterAnnouncedBody(request);
      var problem = MessageHeads.problem(request);
      if (problem.isPresent()) {
        refuse(context, message, problem.get());
        return;
      }
    }
    if (message instanceof HttpContent content) {
      if (content.decoderResult().isFailure() && !(message instanceof HttpRequest)) {
        refuse(context, message, MessageHeads.MALFORMED);
        return;
      }
      if (message instanceof LastHttpContent) {
        arriving.end();
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var isLimited = !isRefused && !arriving.isInStreamedBody();
    if (!bytes.fitIntoMemory(isLimited)) {
      context.close();
    } else if (!isRefused && waiting.isEmpty() && (arriving.isInBody() || bytes.incomplete() > 0)) {
      arriving.startDeadline(context, () -> timeOut(context));
    }
    context.fireChannelReadComplete();
  }

  private void timeOut(ChannelHandlerContext context) {
    if (isRefused) {
      return;
    }
    if (arriving.isInBody() && isAnswering) {
      // A refusal cannot follow the beginning of the response to this request.
      arriving.startDeadline(context, () -> timeOut(context));
    } else {
      refuse(context, null, TIMEOUT);
    }
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
        isAnswering = true;
      }
      if (message instanceof LastHttpContent) {
        responseEnds(context, sent);
      }
      context.write(message, sent);
    }
  }

  private void responseEnds(ChannelHandlerContext context, ChannelPromise sent) {
    isUnanswered = false;
    isAnswering = false;
    if (isLast) {
      isRefused = true;
      refusal = null;
      sent.addListener(done -> end(context, arriving.isInBody()));
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
    arriving.cancelDeadline();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    bytes.release();
    context.fireChannelInactive();
  }

  /** Refuses the arriving request, after the response to the previous request. */
  private void refuse(ChannelHandlerContext context, @Nullable Object message, Problem problem) {
    ReferenceCountUtil.release(message);
    arriving.cancelDeadline();
    isRefused = true;
    var response = refusals.refuse(problem, arriving.head());
    if (isUnanswered && !arriving.isInBody()) {
      refusal = response;
    } else {
      isUnanswered = false;
      answerRefusal(context, response);
    }
  }

  private void answerRefusal(ChannelHandlerContext context, HttpResponse response) {
    context.writeAndFlush(response).addListener(sent -> end(context, true));
  }

  /**
   * Ends the connection. If more bytes may arrive, drops them for {@value #LINGER_SECONDS} s first.
   */
  private void end(ChannelHandlerContext context, boolean isArriving) {
    bytes.release();
    context.channel().config().setAutoRead(true);
    if (isArriving) {
      if (context.channel() instanceof DuplexChannel duplex) {
        duplex.shutdownOutput();
      }
      context.executor().schedule(() -> context.close(), LINGER_SECONDS, SECONDS);
    } else {
      context.close();
    }
  }
}
