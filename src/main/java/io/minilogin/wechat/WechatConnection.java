package io.minilogin.wechat;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.eclipse.microprofile.rest.client.spi.RestClientListener;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jboss.resteasy.reactive.client.impl.VertxRequestCustomizingClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP clients do not see to on their connections to WeChat:
 *
 * <ul>
 *   <li>A connection on which a reply gets larger than is sensible is closed. The client knows no
 *       limit, so an endless one would end the service: the REST client collects a body in memory
 *       before anybody sees it. Its replies may have {@value #LARGEST_REPLY} bytes; real ones have
 *       a few hundred.
 *   <li>A reply that begins before the request has been sent, or that has no body whatever its
 *       headers say (to HEAD; 204, 304), ends the connection: the next request could become part of
 *       the unfinished one, or what the server sends as a body all the same could become the next
 *       reply. So does a reply that nobody asked for, and more bytes than the reply has.
 *   <li>A request whose body has fewer bytes than its length says is not ended: the connection is.
 *   <li>Interim replies (1xx) are dropped.
 *   <li>A connection is kept for half of the time that the server says it keeps it. The client
 *       would keep it for all of that time and up to a second longer, and a request that meets the
 *       server's end has burnt its code. {@code quarkus.rest-client.wechat.connection-ttl} is for
 *       servers that say nothing, and for those that keep connections longer.
 * </ul>
 */
final class WechatConnection extends ChannelDuplexHandler {
  private static final int LARGEST_REPLY = 64 * 1024;

  /** How long before its deadline a login's request ends on the wire. */
  private static final Duration BEFORE_DEADLINE = Duration.ofMillis(100);

  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

  /** Vert.x' own handler, behind the HTTP codec. */
  private static final String VERTX = "handler";

  private static final String KEEP_ALIVE = "keep-alive";
  private static final Pattern TIMEOUT = Pattern.compile("timeout *= *(\\d{1,6})");

  private final int largest;

  /** Seconds. */
  private final int longest;

  private int read;
  private boolean isHead;
  private boolean hasLength;
  private long unsent;
  private boolean isSent;
  private boolean isAwaited;
  private boolean isInterim;
  private boolean isLast;
  private boolean isBroken;

  /** The end of the reply, until all is there that has been read with it. */
  private @Nullable LastHttpContent end;

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
        var login =
            CDI.current()
                .select(WechatCallSettings.class)
                .get()
                .loginTimeout()
                .minus(BEFORE_DEADLINE)
                .toMillis();
        ((VertxRequestCustomizingClientBuilder<?>) builder)
            .httpClientRequestCustomizer(
                request -> {
                  // The client has one timeout, quarkus.rest-client.wechat.read-timeout.
                  if (request.path().endsWith(WechatApi.CODE2_SESSION)) {
                    request.idleTimeout(login);
                  }
                  install(request, LARGEST_REPLY, longest);
                });
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
    var channel = ((ConnectionBase) request.connection()).channel();
    var pipeline = channel.pipeline();
    if (pipeline.get(WechatConnection.class) == null) {
      channel.config().setWriteBufferWaterMark(UNSENT);
      pipeline.addBefore(
          VERTX, WechatConnection.class.getName(), new WechatConnection(largest, longest));
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpRequest request) {
      isAwaited = true;
      isSent = false;
      isHead = request.method().equals(HttpMethod.HEAD);
      hasLength = HttpUtil.isContentLengthSet(request);
      unsent = HttpUtil.getContentLength(request, 0L);
    }
    if (message instanceof HttpContent piece) {
      unsent -= piece.content().readableBytes();
    }
    if (message instanceof LastHttpContent) {
      if (hasLength && unsent != 0) {
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
    if (isInterim(message)) {
      ReferenceCountUtil.release(message);
    } else if (!isAwaited || isBroken || end != null || isUpgrade(message)) {
      ReferenceCountUtil.release(message);
      fail(context);
    } else {
      readReply(context, message);
    }
  }

  private void readReply(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      read = 0;
      limitReuse(response);
    }
    if (message instanceof HttpContent piece) {
      read += piece.content().readableBytes();
    }
    if (read > largest) {
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
      announcedTimeout(headers).ifPresent(seconds -> keep(headers, seconds / 2, longest));
    }
    isLast = headers.contains(CONNECTION, CLOSE, true);
  }

  /** The reply fails, unless it is complete and the last one on this connection. */
  private void fail(ChannelHandlerContext context) {
    if (end == null || !isLast) {
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

  private boolean isInterim(Object message) {
    if (message instanceof HttpResponse response && !isUpgrade(message)) {
      isInterim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      return isInterim;
    }
    var wasInterim = isInterim;
    if (message instanceof LastHttpContent) {
      isInterim = false;
    }
    return wasInterim;
  }

  private static boolean isUpgrade(Object message) {
    return message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
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
