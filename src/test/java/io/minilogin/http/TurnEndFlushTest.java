package io.minilogin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TurnEndFlushTest {
  private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(1);
  private final AtomicInteger flushes = new AtomicInteger();
  private final List<Object> received = new CopyOnWriteArrayList<>();
  private Channel server;

  @BeforeEach
  void connect() throws InterruptedException {
    var accepted = new CompletableFuture<Channel>();
    var address = new LocalAddress(TurnEndFlushTest.class);
    new ServerBootstrap()
        .group(loops)
        .channel(LocalServerChannel.class)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new FlushCounter(), new TurnEndFlush());
                accepted.complete(channel);
              }
            })
        .bind(address)
        .sync();
    new Bootstrap()
        .group(loops)
        .channel(LocalChannel.class)
        .handler(new Receiver())
        .connect(address)
        .sync();
    server = accepted.join();
  }

  @AfterEach
  void close() {
    loops.shutdownGracefully();
  }

  @Test
  void theAnswersOfATurnGoOutTogetherAtItsEnd() throws InterruptedException {
    inOneTurn(
        () -> {
          server.writeAndFlush("one");
          server.writeAndFlush("two");
          assertThat(flushes).hasValue(0);
        });
    await().until(() -> received.equals(List.of("one", "two")));
    assertThat(flushes).hasValue(1);
  }

  @Test
  void theNextTurnHasAFlushOfItsOwn() throws InterruptedException {
    inOneTurn(() -> server.writeAndFlush("one"));
    await().until(() -> received.equals(List.of("one")));
    inOneTurn(() -> server.writeAndFlush("two"));
    await().until(() -> received.equals(List.of("one", "two")));
    assertThat(flushes).hasValue(2);
  }

  @Test
  void anAnswerGoesOutBeforeItsConnectionIsClosed() throws InterruptedException {
    inOneTurn(
        () -> {
          server.writeAndFlush("last");
          server.close();
          assertThat(flushes).hasValue(1);
        });
    await().until(() -> received.equals(List.of("last")));
  }

  private void inOneTurn(Runnable work) throws InterruptedException {
    server.eventLoop().submit(work).sync();
  }

  private final class FlushCounter extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext context) {
      flushes.incrementAndGet();
      context.flush();
    }
  }

  private final class Receiver extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      received.add(message);
    }
  }
}
