package io.minilogin.redis;

import io.minilogin.async.Deadlines;
import io.minilogin.observe.Tracing;
import io.minilogin.redis.RedisScript.Call;
import io.opentelemetry.context.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * <p>No timer closes an idle connection. Redis may hang, or may have moved and left its connections
 * behind. A command without a timely reply reveals this, or a PING if Redis answered nothing else
 * lately. Then the client is replaced: the other connections have the same fate, and new
 * connections find the current Redis. Commands under way on the other connections are retried.
 */
final class RedisConnections implements AutoCloseable {
  private static final long DEADLINE_MILLIS = Deadlines.REDIS_COMMAND.toMillis();

  /**
   * A loop that was blocked finds its timers expired before it reads the replies that have already
   * arrived. So the deadline consists of ticks, and the loop reads between two ticks.
   */
  private static final int TICK_MILLIS = 100;

  private static final int PING_MILLIS = 2000;

  /**
   * The delays before each retry of a command whose connection was closed. Redis may be closing the
   * other connections, too, one after the other.
   */
  private static final List<Integer> RETRIES_MILLIS = List.of(1, 10, 50);

  private final ContextInternal context;
  private final Supplier<Redis> clients;
  private final Predicate<Throwable> skipsHandshakeAfter;
  private final int largestBatch;
  private final RedisMeters meters;
  private final Tracing tracing;

  private final Deque<Batch> underWay = new ArrayDeque<>();
  private final Set<RedisScript> loaded = new HashSet<>();
  private List<PendingCommand> pending = new ArrayList<>();
  private final long pingTimer;
  private Redis client;
  private long clientSince;
  private boolean isTicking;
  private boolean wasAnswered;
  private boolean isClosed;

  /** A command, its script call if it has one, and the request that it is sent for. */
  record PendingCommand(
      Request command, Optional<Call> call, Promise<Response> answer, Context request) {
    private PendingCommand inFull(Call script) {
      return new PendingCommand(script.inFull(), Optional.empty(), answer, request);
    }
  }

  /**
   * Creates the connections. Must be called on the loop.
   *
   * @param context the context of the loop, not of a request
   * @param clients creates clients, which make their connections on the loop that creates them
   * @param skipsHandshakeAfter whether clients that are created after this failure to connect skip
   *     the handshake that failed
   * @param largestBatch commands; well below the number of replies that a connection may wait for
   * @param meters the metrics of batches
   * @param tracing the spans of batches
   */
  RedisConnections(
      ContextInternal context,
      Supplier<Redis> clients,
      Predicate<Throwable> skipsHandshakeAfter,
      int largestBatch,
      RedisMeters meters,
      Tracing tracing) {
    this.context = context;
    this.clients = clients;
    this.skipsHandshakeAfter = skipsHandshakeAfter;
    this.largestBatch = largestBatch;
    this.meters = meters;
    this.tracing = tracing;
    useNewClient();
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
   * reply would break up its batch. So does a retry if Redis does not have the script.
   */
  Future<Response> send(Call call) {
    return send(loaded.add(call.script()) ? call.inFull() : call.byDigest(), Optional.of(call));
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
    context.runOnContext(
        here -> {
          if (isClosed) {
            return;
          }
          var old = client;
          useNewClient();
          context.setTimer(DEADLINE_MILLIS, due -> old.close());
        });
  }

  /** Closes the connections and stops the timer. May be called by any thread. */
  @Override
  public void close() {
    context.runOnContext(
        here -> {
          isClosed = true;
          context.owner().cancelTimer(pingTimer);
          client.close();
        });
  }

  private void sendPending() {
    var commands = pending;
    pending = new ArrayList<>();
    for (int from = 0; from < commands.size(); from += largestBatch) {
      var batch = new Batch(commands.subList(from, Math.min(commands.size(), from + largestBatch)));
      underWay.add(batch);
      batch.send();
    }
    tickLater();
  }

  /** A batch of commands and its progress. */
  private final class Batch {
    private final List<PendingCommand> commands;
    private final Redis sentThrough = client;
    private final long start = System.nanoTime();

    private final BatchSpans spans;
    private int unanswered;
    private int ticks;

    Batch(List<PendingCommand> commands) {
      this.commands = commands;
      this.unanswered = commands.size();
      this.spans = BatchSpans.begin(tracing, commands);
    }

    void send() {
      if (commands.size() == 1) {
        sendAlone(commands.get(0), 0);
        return;
      }
      var through = client;
      through
          .connect()
          .onSuccess(this::sendTogether)
          .onFailure(failure -> commands.forEach(each -> notConnected(through, each, 0, failure)));
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

    private void sendAlone(PendingCommand waiting, int retries) {
      var through = client;
      through
          .connect()
          .onFailure(failure -> notConnected(through, waiting, retries, failure))
          .onSuccess(
              connection ->
                  connection
                      .send(waiting.command())
                      .onComplete(done -> connection.close())
                      .onSuccess(answer -> complete(waiting, answer))
                      .onFailure(failure -> notAnswered(through, waiting, retries, failure)));
    }

    /**
     * Handles a failure to connect. A refused connection is not retried, because the next
     * connection would be refused, too.
     */
    private void notConnected(
        Redis through, PendingCommand waiting, int retries, Throwable failure) {
      if (through == client && skipsHandshakeAfter.test(failure)) {
        useNewClient();
        through.close();
      }
      if (through != client || wasClosed(failure)) {
        retry(waiting, retries, failure);
      } else {
        fail(waiting, failure);
      }
    }

    private void notAnswered(
        Redis through, PendingCommand waiting, int retries, Throwable failure) {
      if (!(failure instanceof ErrorType reply) || wasClosed(failure)) {
        retry(waiting, retries, failure);
      } else if (reply.is("WRONGTYPE")) {
        complete(waiting, null);
      } else if (reply.is("NOSCRIPT") && waiting.call().isPresent()) {
        sendAlone(waiting.inFull(waiting.call().get()), retries);
      } else {
        fail(waiting, failure);
        if (reply.is("READONLY")) {
          // This server may no longer be the master, but it keeps serving its connections.
          replaceClient(through);
        }
      }
    }

    private void retry(PendingCommand waiting, int retries, Throwable failure) {
      if (retries < RETRIES_MILLIS.size() && !isOver()) {
        context.setTimer(RETRIES_MILLIS.get(retries), due -> sendAlone(waiting, retries + 1));
      } else {
        fail(waiting, failure);
      }
    }

    private void complete(PendingCommand waiting, Response answer) {
      wasAnswered = true;
      end(waiting, () -> waiting.answer().complete(answer));
    }

    private void fail(PendingCommand waiting, Throwable failure) {
      spans.fail(waiting.request(), failure);
      end(waiting, () -> waiting.answer().fail(failure));
    }

    /** Ends the command, unless it has already ended. */
    private void end(PendingCommand waiting, Runnable answering) {
      if (waiting.answer().future().isComplete()) {
        return;
      }
      unanswered--;
      if (isOver()) {
        meters.ended(commands.size(), System.nanoTime() - start);
        spans.end();
        while (!underWay.isEmpty() && underWay.peek().isOver()) {
          underWay.remove();
        }
      }
      answering.run();
    }

    private boolean isOver() {
      return unanswered == 0;
    }

    private void tick() {
      ticks++;
      if (!isOver() && (long) ticks * TICK_MILLIS >= DEADLINE_MILLIS) {
        var late = new TimeoutException("no answer within " + DEADLINE_MILLIS + " ms");
        commands.forEach(each -> fail(each, late));
        replaceClient(sentThrough);
      }
    }
  }

  /**
   * Returns whether the connection ended. The client marks this case with the type of an error
   * reply.
   */
  private static boolean wasClosed(Throwable failure) {
    return (failure instanceof ErrorType mark && mark.is("CONNECTION_CLOSED"))
        || failure instanceof ClosedChannelException
        || (failure instanceof SocketException && !(failure instanceof ConnectException));
  }

  private void tickLater() {
    if (!isTicking && !underWay.isEmpty()) {
      isTicking = true;
      context.setTimer(
          TICK_MILLIS,
          due -> {
            isTicking = false;
            List.copyOf(underWay).forEach(Batch::tick);
            tickLater();
          });
    }
  }

  private void pingIfIdle() {
    if (!wasAnswered) {
      send(Request.cmd(Command.PING));
    }
    wasAnswered = false;
  }

  /** Replaces this client and its connections, at most once per deadline. */
  private void replaceClient(Redis silent) {
    var age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - clientSince);
    if (silent == client && !isClosed && age >= DEADLINE_MILLIS - TICK_MILLIS) {
      useNewClient();
      silent.close();
    }
  }

  private void useNewClient() {
    context.dispatch(here -> client = clients.get());
    loaded.clear();
    clientSince = System.nanoTime();
  }
}
