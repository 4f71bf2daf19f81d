package io.minilogin.wechat;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.eclipse.microprofile.rest.client.spi.RestClientListener;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jboss.resteasy.reactive.client.impl.VertxRequestCustomizingClientBuilder;

/**
 * What HTTP clients do not see to on their connections to WeChat:
 *
 * <ul>
 *   <li>A connection on which a reply gets larger than is sensible is closed. The client knows no
 *       limit, so an endless one would end the service: the REST client collects a body in memory
 *       before anybody sees it. Its replies may have {@value #LARGEST_REPLY} bytes; real ones have
 *       a few hundred.
 *   <li>A connection is kept for half of the time that the server says it keeps it. The client
 *       would keep it for all of that time and up to a second longer, and a request that meets the
 *       server's end has burnt its code. {@code quarkus.rest-client.wechat.connection-ttl} is for
 *       servers that say nothing, and for those that keep connections longer.
 * </ul>
 */
final class WechatConnection extends ChannelInboundHandlerAdapter {
  private static final int LARGEST_REPLY = 64 * 1024;

  /** Vert.x' own handler, behind the HTTP codec. */
  private static final String VERTX = "handler";

  private static final String KEEP_ALIVE = "keep-alive";
  private static final Pattern TIMEOUT = Pattern.compile("timeout *= *(\\d{1,6})");

  private final int largest;

  /** Seconds. */
  private final int longest;

  private int read;

  private WechatConnection(int largest, int longest) {
    this.largest = largest;
    this.longest = longest;
  }

  /** Found by the REST client as a service. */
  @RegisterForReflection
  public static final class Installer implements RestClientListener {
    @Override
    public void onNewClient(Class<?> client, RestClientBuilder builder) {
      if (client == WechatApi.class) {
        var setting =
            builder.getConfiguration().getProperty(QuarkusRestClientProperties.CONNECTION_TTL);
        var longest = setting instanceof Integer seconds ? seconds : Integer.MAX_VALUE;
        ((VertxRequestCustomizingClientBuilder<?>) builder)
            .httpClientRequestCustomizer(request -> install(request, LARGEST_REPLY, longest));
      }
    }
  }

  /**
   * Sees to the connection that this request is about to be sent on.
   *
   * @param largest bytes that a reply may have
   * @param longest seconds that a connection may be idle
   */
  static void install(HttpClientRequest request, int largest, int longest) {
    var pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    if (pipeline.get(WechatConnection.class) == null) {
      pipeline.addBefore(
          VERTX, WechatConnection.class.getName(), new WechatConnection(largest, longest));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      read = 0;
      announcedTimeout(response.headers())
          .ifPresent(seconds -> keep(response.headers(), seconds / 2, longest));
    }
    if (message instanceof HttpContent piece) {
      read += piece.content().readableBytes();
    }
    if (read > largest) {
      ReferenceCountUtil.release(message);
      context.close();
    } else {
      context.fireChannelRead(message);
    }
  }

  private static Optional<Integer> announcedTimeout(HttpHeaders headers) {
    return Optional.ofNullable(headers.get(KEEP_ALIVE))
        .map(TIMEOUT::matcher)
        .filter(timeout -> timeout.find())
        .map(timeout -> Integer.valueOf(timeout.group(1)));
  }

  /** Makes the header say what the client should do. */
  static void keep(HttpHeaders headers, int seconds, int longest) {
    headers.remove(KEEP_ALIVE);
    if (seconds < 1) {
      headers.set(CONNECTION, CLOSE);
    } else if (seconds < longest) {
      // Vert.x takes no number with a nine in it.
      headers.set(KEEP_ALIVE, "timeout=" + String.valueOf(seconds).replace('9', '8'));
    }
  }
}
