package io.minilogin.redis;

import io.minilogin.async.Deadlines;
import io.minilogin.redis.RedisScript.Call;
import io.minilogin.trace.Tracing;
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
 * The connections of one event loop to Redis. All of it happens on that loop, so there is nothing
 * to lock, no connection is closed between the moment it is handed out and the moment it is written
 * to, and a loop that is held up measures no other loop's time.
 *
 * <p>The commands of one turn of the loop, which under load serves dozens of requests, go to Redis
 * as one batch, in their order: a write to a socket costs more than anything else that a check of a
 * token does. Nobody waits for others, since the turn ends before the loop waits.
 *
 * <p>No timer ever closes an idle connection. A Redis that hangs, or that has moved and left its
 * connections behind, is found by a command that is not answered in time, or by a PING where
 * nothing else was answered lately: then all connections are given up, since what has become of one
 * has become of its siblings, and new ones find the Redis that is there. What was under way on the
 * others is sent again.
 */
final class RedisConnections implements AutoCloseable {
  private static final long DEADLINE_MILLIS = Deadlines.REDIS_COMMAND.toMillis();

  /**
   * A loop that was held up finds the timers expired before it finds the replies that have been
   * there all the while. So the deadline is made of ticks, and between two of them the loop reads.
   */
  private static final int TICK_MILLIS = 100;

  private static final int PING_MILLIS = 2000;

  /**
   * How long to wait before each further try of a command whose connection was closed. Redis may be
   * closing the others, too, one after the other.
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
  private List<Waiting> gathered = new ArrayList<>();
  private final long pings;
  private Redis client;
  private long clientSince;
  private boolean isTicking;
  private boolean wasAnswered;
  private boolean isClosed;

  /** A command, the call of a script that it may be, and the request that it is sent for. */
  record Waiting(Request command, Optional<Call> call, Promise<Response> answer, Context request) {
    private Waiting inFull(Call script) {
      return new Waiting(script.inFull(), Optional.empty(), answer, request);
    }
  }

  /**
   * To be made on the loop.
   *
   * @param context of the loop, and of no request
   * @param clients those make their connections on the loop on which they are made themselves
   * @param skipsHandshakeAfter whether clients that are made after this failure to connect skip the
   *     handshake that failed
   * @param largestBatch well under the number of replies that a connection may wait for
   * @param meters of batches
   * @param tracing of batches
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
    connectAnew();
    pings = context.setPeriodic(PING_MILLIS, due -> pingIfIdle());
  }

  /**
   * Sends the command with others of this turn. The answer is null where Redis says nil, or that
   * the key holds something of another type, which then is not ours. Comes in the caller's context.
   */
  Future<Response> send(Request command) {
    return send(command, Optional.empty());
  }

  /**
   * The same for a script. In full where Redis does not have it, and at first, since an error reply
   * would break its batch up.
   */
  Future<Response> send(Call call) {
    return send(loaded.add(call.script()) ? call.inFull() : call.byDigest(), Optional.of(call));
  }

  private Future<Response> send(Request command, Optional<Call> call) {
    var answer = context.owner().getOrCreateContext().<Response>promise();
    if (gathered.isEmpty()) {
      context.runOnContext(end -> sendGathered());
    }
    gathered.add(new Waiting(command, call, answer, tracing.current()));
    return answer.future();
  }

  /** From any thread. What is under way has its time to end on the connections that there are. */
  void reconnect() {
    context.runOnContext(
        here -> {
          if (isClosed) {
            return;
          }
          var old = client;
          connectAnew();
          context.setTimer(DEADLINE_MILLIS, due -> old.close());
        });
  }

  /** Closes the connections and stops the timer. May be called by any thread. */
  @Override
  public void close() {
    context.runOnContext(
        here -> {
          isClosed = true;
          context.owner().cancelTimer(pings);
          client.close();
        });
  }

  private void sendGathered() {
    var commands = gathered;
    gathered = new ArrayList<>();
    for (int from = 0; from < commands.size(); from += largestBatch) {
      var batch = new Batch(commands.subList(from, Math.min(commands.size(), from + largestBatch)));
      underWay.add(batch);
      batch.send();
    }
    tickLater();
  }

  /** Some commands and what became of them. */
  private final class Batch {
    private final List<Waiting> commands;
    private final Redis sentThrough = client;
    private final long start = System.nanoTime();

    private final BatchSpans spans;
    private int unanswered;
    private int ticks;

    Batch(List<Waiting> commands) {
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
          .batch(commands.stream().map(Waiting::command).toList())
          .onComplete(done -> connection.close())
          .onSuccess(
              answers -> {
                for (int i = 0; i < answers.size(); i++) {
                  complete(commands.get(i), answers.get(i));
                }
              })
          // An error reply to one of them, or the connection's end, hides what others were
          // answered.
          .onFailure(failure -> commands.forEach(each -> sendAlone(each, 0)));
    }

    private void sendAlone(Waiting waiting, int retries) {
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

    /** A refused connection is not retried: the next one would be refused, too. */
    private void notConnected(Redis through, Waiting waiting, int retries, Throwable failure) {
      if (through == client && skipsHandshakeAfter.test(failure)) {
        connectAnew();
        through.close();
      }
      if (through != client || wasClosed(failure)) {
        retry(waiting, retries, failure);
      } else {
        fail(waiting, failure);
      }
    }

    private void notAnswered(Redis through, Waiting waiting, int retries, Throwable failure) {
      if (!(failure instanceof ErrorType reply) || wasClosed(failure)) {
        retry(waiting, retries, failure);
      } else if (reply.is("WRONGTYPE")) {
        complete(waiting, null);
      } else if (reply.is("NOSCRIPT") && waiting.call().isPresent()) {
        sendAlone(waiting.inFull(waiting.call().get()), retries);
      } else {
        fail(waiting, failure);
        if (reply.is("READONLY")) {
          // What was the master may be none any more, and go on serving the connections it has.
          giveUp(through);
        }
      }
    }

    private void retry(Waiting waiting, int retries, Throwable failure) {
      if (retries < RETRIES_MILLIS.size() && !isOver()) {
        context.setTimer(RETRIES_MILLIS.get(retries), due -> sendAlone(waiting, retries + 1));
      } else {
        fail(waiting, failure);
      }
    }

    private void complete(Waiting waiting, Response answer) {
      wasAnswered = true;
      end(waiting, () -> waiting.answer().complete(answer));
    }

    private void fail(Waiting waiting, Throwable failure) {
      spans.fail(waiting.request(), failure);
      end(waiting, () -> waiting.answer().fail(failure));
    }

    /** Unless it had its end before. */
    private void end(Waiting waiting, Runnable answering) {
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
        giveUp(sentThrough);
      }
    }
  }

  /** The client's own mark for a connection that ended has the type of an error reply. */
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

  /** At most once in the time of a deadline. */
  private void giveUp(Redis silent) {
    var age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - clientSince);
    if (silent == client && !isClosed && age >= DEADLINE_MILLIS - TICK_MILLIS) {
      connectAnew();
      silent.close();
    }
  }

  private void connectAnew() {
    context.dispatch(here -> client = clients.get());
    loaded.clear();
    clientSince = System.nanoTime();
  }
}
