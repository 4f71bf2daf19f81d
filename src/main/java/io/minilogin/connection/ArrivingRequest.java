package io.minilogin.connection;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.minilogin.async.Deadlines;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The request of a connection that has arrived in part, and its deadline. */
final class ArrivingRequest {
  /** How long the sender of a streamed body may pause, after it was held up for over 10 s. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private @Nullable HttpRequest head;
  private boolean isStreamed;

  /** Whether the receiver of a streamed body was slower than its sender since the last check. */
  private boolean wasHeldUp;

  private @Nullable Future<?> deadline;

  /**
   * Begins the body of a request.
   *
   * @param isPassedOn whether the service passes on the body while it arrives
   */
  void begin(HttpRequest request, boolean isPassedOn) {
    cancelDeadline();
    head = request;
    isStreamed = isPassedOn;
    wasHeldUp = false;
  }

  /** Ends the request: all of it has arrived. */
  void end() {
    cancelDeadline();
    head = null;
  }

  /** Returns the head of the request whose body is arriving; null if no body is arriving. */
  @Nullable HttpRequest head() {
    return head;
  }

  boolean isInBody() {
    return head != null;
  }

  /** Returns whether a body is arriving that the service passes on. */
  boolean isInStreamedBody() {
    return isInBody() && isStreamed;
  }

  /**
   * Starts the deadline for the rest of the head or the body, unless it is running. The deadline of
   * a streamed body is extended while its receiver is slower than its sender.
   */
  void startDeadline(ChannelHandlerContext context, Runnable atDeadline) {
    wasHeldUp |= isHeldUp(context);
    if (deadline == null) {
      schedule(context, Deadlines.REQUEST_PART, atDeadline);
    }
  }

  private void schedule(ChannelHandlerContext context, Duration time, Runnable atDeadline) {
    deadline =
        context
            .executor()
            .schedule(() -> reachDeadline(context, atDeadline), time.toMillis(), MILLISECONDS);
  }

  private void reachDeadline(ChannelHandlerContext context, Runnable atDeadline) {
    deadline = null;
    var isReceiverSlow = isInStreamedBody() && (wasHeldUp || isHeldUp(context));
    wasHeldUp = false;
    if (isReceiverSlow) {
      schedule(context, LONGEST_PAUSE, atDeadline);
    } else {
      atDeadline.run();
    }
  }

  /** Returns whether Vert.x has stopped reading, because the receiver of the body is slower. */
  private static boolean isHeldUp(ChannelHandlerContext context) {
    return !context.channel().config().isAutoRead();
  }

  void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
