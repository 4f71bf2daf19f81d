package io.minilogin.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.minilogin.async.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Closes a connection whose client reads none of its answers for {@link Deadlines#STALLED_WRITE},
 * or whose unread answers do not fit into {@link ConnectionMemory}.
 */
final class StalledWrites extends ChannelDuplexHandler {
  private final ConnectionMemory memory = new ConnectionMemory();
  private long written;
  private boolean isWatched;

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      written += bytes.readableBytes();
    }
    context.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    var pending = pending(context);
    if (!memory.holds(pending)) {
      context.close();
    } else if (pending > 0 && !isWatched) {
      watch(context, written - pending);
    }
  }

  /**
   * @param sent bytes that the client's side has taken so far
   */
  private void watch(ChannelHandlerContext context, long sent) {
    isWatched = true;
    context
        .executor()
        .schedule(
            () -> {
              isWatched = false;
              var pending = pending(context);
              memory.holds(pending);
              if (pending > 0 && written - pending == sent) {
                context.close();
              } else if (pending > 0) {
                watch(context, written - pending);
              }
            },
            Deadlines.STALLED_WRITE.toMillis(),
            MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    memory.holds(0);
    context.fireChannelInactive();
  }

  private static long pending(ChannelHandlerContext context) {
    var buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }
}
