package io.minilogin.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Drops the interim replies (1xx) of a server. The HTTP clients would take an interim reply such as
 * 102 for the final reply. 101 is not dropped: no HTTP follows it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.2">RFC 9110, section 15.2</a>
 */
public final class InterimReplies extends ChannelInboundHandlerAdapter {
  /** The name of Vert.x' own handler, which follows the HTTP codec. */
  private static final String VERTX = "handler";

  private boolean isInterim;

  private InterimReplies() {}

  /** Drops the interim replies on the connection that the request is about to use. */
  public static void drop(HttpClientRequest request) {
    var pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    if (pipeline.get(InterimReplies.class) == null) {
      pipeline.addBefore(VERTX, InterimReplies.class.getName(), new InterimReplies());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      isInterim =
          MessageHeads.isInterim(response)
              && !response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }
    if (isInterim) {
      isInterim = !(message instanceof LastHttpContent);
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }
}
