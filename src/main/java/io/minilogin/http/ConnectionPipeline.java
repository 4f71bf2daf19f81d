package io.minilogin.http;

import static io.netty.handler.flush.FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES;

import io.minilogin.connection.RequestGuard;
import io.minilogin.connection.StalledWrites;
import io.minilogin.connection.TrafficPort;
import io.minilogin.relay.ApiRoute;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Installs the handlers of each connection, which a request passes before {@link Pipeline}, and
 * announces each port to {@link TrafficPort}. A batch of replies from Redis leads to responses on
 * many connections; they are sent together at the end of the event loop's turn, because a gateway
 * that waits for several of them would otherwise wake up for each. Netty loads this class as a
 * service if the system property {@value ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY}
 * says so.
 */
@RegisterForReflection
public final class ConnectionPipeline extends ChannelInitializerExtension {
  private static final WriteBufferWaterMark UNREAD_RESPONSES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.config().setWriteBufferWaterMark(UNREAD_RESPONSES);
    channel.pipeline().addFirst(new UntilCodec());
  }

  @Override
  public void postInitializeServerListenerChannel(ServerChannel channel) {
    TrafficPort.opens(channel);
  }

  /** Installs the handlers when the codec exists, which is later than the connection. */
  private static final class UntilCodec extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var pipeline = context.pipeline();
      if (new RequestGuard(ApiRoute::isPassedOn, ApiRoute::problemAt).install(pipeline)) {
        pipeline.addFirst(
            new FlushConsolidationHandler(DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        pipeline.addFirst(new StalledWrites());
        context.fireChannelRead(message);
        pipeline.remove(this);
      } else {
        context.fireChannelRead(message);
      }
    }
  }
}
