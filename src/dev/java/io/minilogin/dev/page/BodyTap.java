package io.minilogin.dev.page;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records the requests and responses of a connection below Vert.x, where all kinds of handlers have
 * read and written the same messages. Vert.x has no public API for the channel. Runs on the event
 * loop of the connection.
 */
final class BodyTap extends ChannelDuplexHandler {
  private static final String NAME = "page";
  private static final List<String> REQUEST_HEADERS = List.of("Authorization", "Content-Type");
  private static final Pattern RESPONSE_HEADERS =
      Pattern.compile("(?i)retry-after|content-type|x-wx-.*");

  private MessageLog.@Nullable Call call;

  /** Records the body of this request and its response in the call. */
  static void record(HttpServerRequest request, MessageLog.Call call) {
    var pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    var tap = (BodyTap) pipeline.get(NAME);
    if (tap == null) {
      tap = new BodyTap();
      pipeline.addBefore("handler", NAME, tap);
    }
    tap.call = call;
    call.sent().add(request.method() + " " + request.uri() + "\n");
    for (var name : REQUEST_HEADERS) {
      var value = request.getHeader(name);
      if (value != null) {
        call.sent().add(name + ": " + value + "\n");
      }
    }
    call.sent().add("\n");
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (call != null && message instanceof HttpContent content) {
      call.sent().add(ByteBufUtil.getBytes(content.content()));
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    var current = call;
    if (current != null && message instanceof HttpResponse response) {
      begin(current, response);
    }
    if (current != null && message instanceof HttpContent content) {
      current.received().add(ByteBufUtil.getBytes(content.content()));
    }
    context.write(message, promise);
  }

  private static void begin(MessageLog.Call call, HttpResponse response) {
    var status = response.status().code();
    if (status < 200) {
      return;
    }
    call.received().add(status + "\n");
    for (var header : response.headers()) {
      if (RESPONSE_HEADERS.matcher(header.getKey()).matches()) {
        call.received().add(header.getKey() + ": " + header.getValue() + "\n");
      }
    }
    call.received().add("\n");
    if (status < 400) {
      call.answer(String.valueOf(status));
    } else {
      call.fail(String.valueOf(status));
    }
  }
}
