package io.minilogin.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.util.ByteProcessor;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes on to the decoder while no request waits. As the decoder's cumulator, it knows which
 * bytes the decoder has not read yet. After the end of a request, these bytes are the beginning of
 * the next request.
 */
final class RequestBytes extends ChannelInboundHandlerAdapter implements Cumulator {
  /** Bytes that are decoded at a time. No more requests wait than fit into these bytes. */
  private static final int SLICE = 1024;

  private static final int BODY_SLICE = 8 * 1024;

  private final RequestGuard guard;
  private final ConnectionMemory memory = new ConnectionMemory();
  private final Queue<ByteBuf> held = new ArrayDeque<>();

  /** The decoder's buffer, kept alive while the decoder reads. */
  private @Nullable ByteBuf undecoded;

  private @Nullable ChannelHandlerContext context;
  private boolean isPassing;

  /** Whether this handler stopped reading. Vert.x stops reading, too, for bodies. */
  private boolean isStopped;

  /** Bytes given to the decoder since the end of the last request. */
  private long incomplete;

  RequestBytes(RequestGuard guard) {
    this.guard = guard;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (guard.isRefused()) {
      ReferenceCountUtil.release(message);
      return;
    }
    held.add((ByteBuf) message);
    pass(context);
  }

  /** Passes on the bytes that were held back, and resumes reading. */
  void resume() {
    if (context != null && !isPassing && !held.isEmpty() && !guard.isWaiting()) {
      pass(context);
      context.fireChannelReadComplete();
    }
    if (context != null && isStopped && held.isEmpty() && !guard.isWaiting() && !isPassing) {
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
      while (!held.isEmpty() && !guard.isWaiting()) {
        var first = held.element();
        var size = Math.min(first.readableBytes(), guard.isInBody() ? BODY_SLICE : SLICE);
        incomplete += size;
        decode(
            context, size == first.readableBytes() ? held.remove() : first.readRetainedSlice(size));
      }
    } finally {
      isPassing = false;
    }
    if (guard.isWaiting()) {
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

  /** Notes that the decoder has read the last part of a request. */
  void requestEnds() {
    incomplete = undecoded();
  }

  /** Returns the number of bytes of the arriving request that the decoder has received. */
  long incomplete() {
    return incomplete;
  }

  /**
   * Returns the number of bytes that the decoder has not read, or 0 if they are line ends between
   * requests.
   */
  private int undecoded() {
    return undecoded == null || undecoded.forEachByte(ByteProcessor.FIND_NON_CRLF) < 0
        ? 0
        : undecoded.readableBytes();
  }

  /**
   * Returns false if the bytes that this handler holds back exceed {@link ConnectionMemory}.
   *
   * @param isIncompleteHeld whether the arriving request is in memory as well
   */
  boolean fitIntoMemory(boolean isIncompleteHeld) {
    var heldBack = held.stream().mapToLong(ByteBuf::capacity).sum();
    return memory.holds(heldBack + (isIncompleteHeld ? incomplete : 0));
  }

  void release() {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
    memory.holds(0);
  }
}
