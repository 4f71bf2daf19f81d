package io.minilogin.connection;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.minilogin.async.Deadlines;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client reads none of its answers for {@link Deadlines#STALLED_WRITE},
 * or whose unread answers do not fit into {@link ConnectionMemory}.
 */
public final class StalledWrites extends ChannelDuplexHandler {
  private final ConnectionMemory memory = new ConnectionMemory();
  private boolean isWatched;

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    var pending = context.channel().unsafe().outboundBuffer();
    if (!holds(pending)) {
      context.close();
    } else if (isWaiting(pending) && !isWatched) {
      watch(context, pending.current(), pending.currentProgress());
    }
  }

  /**
   * Closes the connection if the client reads nothing within {@link Deadlines#STALLED_WRITE}.
   *
   * @param first the first message that waits for the client
   * @param progress bytes of this message that the client's side has taken
   */
  private void watch(ChannelHandlerContext context, Object first, long progress) {
    isWatched = true;
    context
        .executor()
        .schedule(
            () -> {
              isWatched = false;
              var pending = context.channel().unsafe().outboundBuffer();
              holds(pending);
              if (!isWaiting(pending)) {
                return;
              }
              if (pending.current() == first && pending.currentProgress() == progress) {
                context.close();
              } else {
                watch(context, pending.current(), pending.currentProgress());
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

  private boolean holds(@Nullable ChannelOutboundBuffer pending) {
    return memory.holds(pending == null ? 0 : pending.totalPendingWriteBytes());
  }

  /** Returns whether data waits for the client. A closed channel has no buffer. */
  private static boolean isWaiting(@Nullable ChannelOutboundBuffer pending) {
    return pending != null && !pending.isEmpty();
  }
}
