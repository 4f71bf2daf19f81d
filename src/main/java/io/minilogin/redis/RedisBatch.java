package io.minilogin.redis;

import io.minilogin.async.Deadlines;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A batch of commands, until each of them has a reply or has failed. Commands whose connection was
 * closed are retried. Used on one event loop only.
 */
final class RedisBatch {
  static final long DEADLINE_MILLIS = Deadlines.REDIS_COMMAND.toMillis();

  /**
   * A loop that was blocked finds its timers expired before it reads the replies that have already
   * arrived. So the deadline consists of ticks, and the loop reads between two ticks.
   */
  static final int TICK_MILLIS = 100;

  /**
   * The delays before each retry of a command whose connection was closed. Redis may be closing the
   * other connections, too, one after the other.
   */
  private static final List<Integer> RETRIES_MILLIS = List.of(1, 10, 50);

  private final List<PendingCommand> commands;
  private final CurrentClient client;
  private final Redis sentThrough;
  private final ContextInternal context;
  private final RedisMeters meters;
  private final BatchSpans spans;
  private final Runnable onEnd;
  private final long start = System.nanoTime();
  private int unanswered;
  private int ticks;

  /**
   * Creates a batch that is not sent yet.
   *
   * @param onEnd runs when the batch is over, before its last command completes
   */
  RedisBatch(
      List<PendingCommand> commands,
      CurrentClient client,
      ContextInternal context,
      RedisMeters meters,
      BatchSpans spans,
      Runnable onEnd) {
    this.commands = commands;
    this.client = client;
    this.sentThrough = client.get();
    this.context = context;
    this.meters = meters;
    this.spans = spans;
    this.onEnd = onEnd;
    this.unanswered = commands.size();
  }

  void send() {
    if (commands.size() == 1) {
      sendAlone(commands.get(0), 0);
      return;
    }
    sentThrough
        .connect()
        .onSuccess(this::sendTogether)
        .onFailure(
            failure -> commands.forEach(each -> notConnected(sentThrough, each, 0, failure)));
  }

  /** Returns whether all commands are complete. */
  boolean isOver() {
    return unanswered == 0;
  }

  /** Counts the time, every {@value #TICK_MILLIS} ms. At the deadline, fails all commands. */
  void tick() {
    ticks++;
    if (!isOver() && (long) ticks * TICK_MILLIS >= DEADLINE_MILLIS) {
      var late = new TimeoutException("no answer within " + DEADLINE_MILLIS + " ms");
      commands.forEach(each -> fail(each, late));
      client.replace(sentThrough);
    }
  }

  private void sendTogether(RedisConnection connection) {
    connection
        .batch(commands.stream().map(PendingCommand::command).toList())
        .onComplete(done -> connection.close())
        .onSuccess(
            answers -> {
              for (int i = 0; i < answers.size(); i++) {
                complete(commands.get(i), answers.get(i));
              }
            })
        // An error reply to one command, or the end of the connection, hides the other replies.
        .onFailure(failure -> commands.forEach(each -> sendAlone(each, 0)));
  }

  private void sendAlone(PendingCommand pending, int retries) {
    var through = client.get();
    through
        .connect()
        .onFailure(failure -> notConnected(through, pending, retries, failure))
        .onSuccess(
            connection ->
                connection
                    .send(pending.command())
                    .onComplete(done -> connection.close())
                    .onSuccess(answer -> complete(pending, answer))
                    .onFailure(failure -> notAnswered(through, pending, retries, failure)));
  }

  /**
   * Handles a failure to connect. A refused connection is not retried, because the next connection
   * would be refused, too.
   */
  private void notConnected(Redis through, PendingCommand pending, int retries, Throwable failure) {
    client.replaceAfterHandshake(through, failure);
    if (through != client.get() || RedisFailure.isClosedConnection(failure)) {
      retry(pending, retries, failure);
    } else {
      fail(pending, failure);
    }
  }

  private void notAnswered(Redis through, PendingCommand pending, int retries, Throwable failure) {
    if (!(failure instanceof ErrorType reply) || RedisFailure.isClosedConnection(failure)) {
      retry(pending, retries, failure);
    } else if (reply.is("WRONGTYPE")) {
      complete(pending, null);
    } else if (reply.is("NOSCRIPT") && pending.call().isPresent()) {
      sendAlone(pending.inFull(), retries);
    } else {
      fail(pending, failure);
      if (reply.is("READONLY")) {
        // This server may no longer be the master, but it keeps serving its connections.
        client.replace(through);
      }
    }
  }

  private void retry(PendingCommand pending, int retries, Throwable failure) {
    if (retries < RETRIES_MILLIS.size() && !isOver()) {
      context.setTimer(RETRIES_MILLIS.get(retries), due -> sendAlone(pending, retries + 1));
    } else {
      fail(pending, failure);
    }
  }

  private void complete(PendingCommand pending, Response answer) {
    client.recordAnswer();
    end(pending, () -> pending.answer().complete(answer));
  }

  private void fail(PendingCommand pending, Throwable failure) {
    spans.fail(pending.request(), failure);
    end(pending, () -> pending.answer().fail(failure));
  }

  /** Ends the command, unless it has already ended. */
  private void end(PendingCommand pending, Runnable answering) {
    if (pending.answer().future().isComplete()) {
      return;
    }
    unanswered--;
    if (isOver()) {
      meters.ended(commands.size(), System.nanoTime() - start);
      spans.end();
      onEnd.run();
    }
    answering.run();
  }
}
