package io.minilogin.connection;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.minilogin.async.Deadlines;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The request of a connection that has arrived in part, and its deadline. */
final class ArrivingRequest {
  private @Nullable HttpRequest head;
  private boolean isStreamed;
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

  /** Returns whether a body is arriving that the service passes on. Such a body has own limits. */
  boolean isInStreamedBody() {
    return isInBody() && isStreamed;
  }

  /** Starts the deadline for the rest of the head or the body, unless it is running. */
  void startDeadline(ChannelHandlerContext context, Runnable atDeadline) {
    if (deadline == null) {
      deadline =
          context.executor().schedule(atDeadline, Deadlines.REQUEST_PART.toSeconds(), SECONDS);
    }
  }

  void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
