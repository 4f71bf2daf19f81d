package io.minilogin.redis;

import io.minilogin.observe.Tracing;
import io.minilogin.redis.RedisScript.Call;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The connections of one event loop to Redis. All work happens on that loop. So nothing needs a
 * lock, no connection closes between being handed out and being written to, and a blocked loop does
 * not distort the times of other loops.
 *
 * <p>The commands of one turn of the loop, which serves dozens of requests under load, go to Redis
 * as one batch, in their order: a write to a socket is the most expensive part of a token check. No
 * command waits for others, since the turn ends before the loop waits.
 *
 * <p>No timer closes an idle connection. A command without a timely reply reveals that Redis does
 * not answer on it, or a PING if Redis answered nothing else lately. Then {@link CurrentClient}
 * replaces all connections, and the commands under way on the others are retried.
 */
final class RedisConnections implements AutoCloseable {
  private static final int PING_MILLIS = 2000;

  private final ContextInternal context;
  private final CurrentClient client;
  private final int largestBatch;
  private final RedisMeters meters;
  private final Tracing tracing;

  private final Deque<RedisBatch> underWay = new ArrayDeque<>();
  private final long pingTimer;
  private List<PendingCommand> pending = new ArrayList<>();
  private boolean isTicking;

  /**
   * Creates the connections. Must be called on the loop.
   *
   * @param context the context of the loop, not of a request
   * @param clients creates clients, which make their connections on the loop that creates them
   * @param skipsHandshakeAfter whether clients that are created after this failure to connect skip
   *     the handshake that failed
   * @param largestBatch commands; well below the number of replies that a connection may wait for
   */
  RedisConnections(
      ContextInternal context,
      Supplier<Redis> clients,
      Predicate<Throwable> skipsHandshakeAfter,
      int largestBatch,
      RedisMeters meters,
      Tracing tracing) {
    this.context = context;
    this.client = new CurrentClient(context, clients, skipsHandshakeAfter);
    this.largestBatch = largestBatch;
    this.meters = meters;
    this.tracing = tracing;
    pingTimer = context.setPeriodic(PING_MILLIS, due -> pingIfIdle());
  }

  /**
   * Sends the command in a batch with the others of this turn. The reply is null if Redis replies
   * nil or the key holds another type, which the service did not store. Completes in the caller's
   * context.
   */
  Future<Response> send(Request command) {
    return send(command, Optional.empty());
  }

  /**
   * Sends a script call in the same way. The first call sends the whole script, because an error
   * reply would break up its batch. A retry sends it too, if Redis does not have it.
   */
  Future<Response> send(Call call) {
    return send(
        client.isFirstCall(call.script()) ? call.inFull() : call.byDigest(), Optional.of(call));
  }

  private Future<Response> send(Request command, Optional<Call> call) {
    var answer = context.owner().getOrCreateContext().<Response>promise();
    if (pending.isEmpty()) {
      context.runOnContext(end -> sendPending());
    }
    pending.add(new PendingCommand(command, call, answer, tracing.current()));
    return answer.future();
  }

  /**
   * Replaces all connections. Commands under way may finish on the old connections until their
   * deadline. May be called by any thread.
   */
  void reconnect() {
    context.runOnContext(here -> client.replaceLater());
  }

  /** Closes the connections and stops the timer. May be called by any thread. */
  @Override
  public void close() {
    context.runOnContext(
        here -> {
          context.owner().cancelTimer(pingTimer);
          client.close();
        });
  }

  private void sendPending() {
    var commands = pending;
    pending = new ArrayList<>();
    for (int from = 0; from < commands.size(); from += largestBatch) {
      var some = commands.subList(from, Math.min(commands.size(), from + largestBatch));
      var spans = BatchSpans.begin(tracing, some);
      var batch = new RedisBatch(some, client, context, meters, spans, this::removeOver);
      underWay.add(batch);
      batch.send();
    }
    tickLater();
  }

  private void removeOver() {
    while (!underWay.isEmpty() && underWay.peek().isOver()) {
      underWay.remove();
    }
  }

  private void tickLater() {
    if (!isTicking && !underWay.isEmpty()) {
      isTicking = true;
      context.setTimer(
          RedisBatch.TICK_MILLIS,
          due -> {
            isTicking = false;
            List.copyOf(underWay).forEach(RedisBatch::tick);
            tickLater();
          });
    }
  }

  private void pingIfIdle() {
    if (!client.wasAnswered()) {
      send(Request.cmd(Command.PING));
    }
  }
}
