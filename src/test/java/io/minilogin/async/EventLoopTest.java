package io.minilogin.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Log fields and later timers depend on the context, so a wait must not lose it. */
class EventLoopTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  @AutoClose
  private static final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setUseDaemonThread(true));

  /** The context of one request, as Quarkus creates it. */
  private final ContextInternal request =
      ((ContextInternal) vertx.getOrCreateContext()).duplicate();

  @Test
  void delayReturnsToTheContextOfTheCaller() {
    assertThat(contextAfter(() -> EventLoop.delay(SHORT))).isSameAs(request);
  }

  @Test
  void timeoutFailsInTheContextOfTheCaller() {
    assertThat(
            contextAfter(
                () ->
                    EventLoop.limit(SHORT, Uni.createFrom().nothing(), TimeoutException::new)
                        .onFailure(TimeoutException.class)
                        .recoverWithNull()))
        .isSameAs(request);
  }

  @Test
  void delayWorksOutsideOfAnyContext() {
    EventLoop.delay(SHORT).await().atMost(Duration.ofSeconds(10));
  }

  private Context contextAfter(Supplier<Uni<?>> work) {
    var context = new CompletableFuture<Context>();
    request.runOnContext(
        begun ->
            work.get()
                .subscribe()
                .with(
                    done -> context.complete(Vertx.currentContext()),
                    context::completeExceptionally));
    return context.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
