package io.minilogin.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Sends the answers that one turn of the event loop makes at its end, one right after the other. A
 * batch of replies from Redis makes dozens, on as many connections. With the work for the next
 * answer between two of them, whoever waits for both goes to sleep after the first and has to be
 * woken up again, and that costs the one who wakes more than all the rest of an answer. Nobody
 * waits longer than for the turn.
 */
final class TurnEndFlush extends ChannelOutboundHandlerAdapter {
  private boolean isDue;

  @Override
  public void flush(ChannelHandlerContext context) {
    if (!isDue) {
      isDue = true;
      context.executor().execute(() -> flushNow(context));
    }
  }

  /** What has been written goes out first. */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    flushNow(context);
    context.close(promise);
  }

  private void flushNow(ChannelHandlerContext context) {
    if (isDue) {
      isDue = false;
      context.flush();
    }
  }
}
