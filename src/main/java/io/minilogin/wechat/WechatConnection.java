package io.minilogin.wechat;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.minilogin.connection.InterimReplies;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Guards a connection to WeChat. The HTTP clients lack these checks:
 *
 * <ul>
 *   <li>A reply that exceeds the size limit closes the connection. The clients have no limit. The
 *       REST client collects the whole body in memory, so an endless reply would exhaust the heap.
 *   <li>The connection is not reused after a reply that begins before the request has been sent:
 *       the next request could become part of the unfinished request. The same holds for replies
 *       without a body (to HEAD; 204, 304): if the server sends a body anyway, it could become the
 *       next reply. An unexpected reply, or bytes after the end of a reply, close the connection.
 *   <li>If the body of a request is shorter than its Content-Length, the connection is closed
 *       instead of ending the request.
 *   <li>Interim replies (1xx) are dropped ({@link InterimReplies}). 101 and numbers that are no
 *       status close the connection.
 *   <li>An idle connection is kept for a shorter time ({@link KeepAlive}).
 * </ul>
 */
final class WechatConnection extends ChannelDuplexHandler {
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

  /** The name of Vert.x' own handler, which follows the HTTP codec. */
  private static final String VERTX = "handler";

  /** The lowest status of a reply that is not interim. */
  private static final int FIRST_FINAL = 200;

  private final int maxReplyBytes;
  private final int maxIdleSeconds;

  private int readBytes;
  private boolean isHead;
  private boolean hasLength;
  private long unsentBytes;
  private boolean isSent;
  private boolean isAwaited;
  private boolean closesAfterReply;
  private boolean isBroken;

  /** The end of the reply, held back until everything read along with it has been checked. */
  private @Nullable LastHttpContent end;

  private WechatConnection(int maxReplyBytes, int maxIdleSeconds) {
    this.maxReplyBytes = maxReplyBytes;
    this.maxIdleSeconds = maxIdleSeconds;
  }

  /**
   * Adds the guard to the connection that the request is about to use.
   *
   * @param maxReplyBytes size limit of a reply in bytes
   * @param maxIdleSeconds idle limit of a connection in seconds
   */
  static void install(HttpClientRequest request, int maxReplyBytes, int maxIdleSeconds) {
    InterimReplies.drop(request);
    var channel = ((ConnectionBase) request.connection()).channel();
    var pipeline = channel.pipeline();
    if (pipeline.get(WechatConnection.class) == null) {
      channel.config().setWriteBufferWaterMark(UNSENT);
      pipeline.addBefore(
          VERTX,
          WechatConnection.class.getName(),
          new WechatConnection(maxReplyBytes, maxIdleSeconds));
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpRequest request) {
      isAwaited = true;
      isSent = false;
      isHead = request.method().equals(HttpMethod.HEAD);
      hasLength = HttpUtil.isContentLengthSet(request);
      unsentBytes = HttpUtil.getContentLength(request, 0L);
    }
    if (message instanceof HttpContent piece) {
      unsentBytes -= piece.content().readableBytes();
    }
    if (message instanceof LastHttpContent) {
      if (hasLength && unsentBytes != 0) {
        ReferenceCountUtil.release(message);
        promise.tryFailure(new IOException("The body is shorter than announced"));
        context.close();
        return;
      }
      context.write(message, promise.unvoid().addListener(sent -> isSent = sent.isSuccess()));
    } else {
      context.write(message, promise);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!isAwaited || isBroken || end != null || isUnusable(message)) {
      ReferenceCountUtil.release(message);
      fail(context);
    } else {
      readReply(context, message);
    }
  }

  private void readReply(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      readBytes = 0;
      limitReuse(response);
    }
    if (message instanceof HttpContent piece) {
      readBytes += piece.content().readableBytes();
    }
    if (readBytes > maxReplyBytes) {
      ReferenceCountUtil.release(message);
      fail(context);
    } else if (message instanceof LastHttpContent last) {
      end = last;
    } else {
      context.fireChannelRead(message);
    }
  }

  private void limitReuse(HttpResponse response) {
    var status = response.status();
    var headers = response.headers();
    if (!isSent
        || isHead
        || status.equals(HttpResponseStatus.NO_CONTENT)
        || status.equals(HttpResponseStatus.NOT_MODIFIED)) {
      headers.set(CONNECTION, CLOSE);
    } else {
      KeepAlive.shorten(headers, maxIdleSeconds);
    }
    closesAfterReply = headers.contains(CONNECTION, CLOSE, true);
  }

  /** Fails the reply, unless it is complete and the last reply on this connection. */
  private void fail(ChannelHandlerContext context) {
    if (end == null || !closesAfterReply) {
      isBroken = true;
      context.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    passEndOn(context);
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    passEndOn(context);
    context.fireChannelInactive();
  }

  private void passEndOn(ChannelHandlerContext context) {
    var last = end;
    end = null;
    if (last != null && isBroken) {
      last.release();
    } else if (last != null) {
      isAwaited = false;
      context.fireChannelRead(last);
    }
  }

  /** Returns whether the status is 101, to which nobody asked to switch, or no status at all. */
  private static boolean isUnusable(Object message) {
    return message instanceof HttpResponse response && response.status().code() < FIRST_FINAL;
  }
}
