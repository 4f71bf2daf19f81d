package io.minilogin.wechat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.eclipse.microprofile.rest.client.spi.RestClientListener;
import org.jboss.resteasy.reactive.client.impl.VertxRequestCustomizingClientBuilder;

/**
 * Closes a connection on which a reply gets larger than {@value #BYTES} bytes; real ones have a few
 * hundred. The REST client collects a body in memory before anybody sees it and knows no limit, so
 * an endless one would end the service.
 */
final class ReplyLimit extends ChannelInboundHandlerAdapter {
  private static final int BYTES = 64 * 1024;

  /** Vert.x' own handler, behind the HTTP codec. */
  private static final String VERTX = "handler";

  private int read;

  /** Found by the REST client as a service: puts the limit on WeChat's connections. */
  @RegisterForReflection
  public static final class Installer implements RestClientListener {
    @Override
    public void onNewClient(Class<?> client, RestClientBuilder builder) {
      if (client == WechatApi.class) {
        ((VertxRequestCustomizingClientBuilder<?>) builder)
            .httpClientRequestCustomizer(ReplyLimit::install);
      }
    }
  }

  private static void install(HttpClientRequest request) {
    var pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    if (pipeline.get(ReplyLimit.class) == null) {
      pipeline.addBefore(VERTX, ReplyLimit.class.getName(), new ReplyLimit());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse) {
      read = 0;
    }
    if (message instanceof HttpContent piece) {
      read += piece.content().readableBytes();
    }
    if (read > BYTES) {
      ReferenceCountUtil.release(message);
      context.close();
    } else {
      context.fireChannelRead(message);
    }
  }
}
