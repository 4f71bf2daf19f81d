package io.minilogin.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Gathers the commands of one turn of an event loop, which under load serves dozens of requests,
 * and sends them together, in their order: to write to a socket costs more than anything else that
 * a check of a token does. Nobody waits for others, since the turn ends before the loop waits.
 *
 * <p>Not on a cluster, whose nodes have different keys, and not on threads without turns: there
 * each command goes alone.
 */
@Singleton
class CommandsOfATurn {
  /** Well under the number of answers that the client lets a connection wait for. */
  private static final int MOST = 512;

  private final Vertx vertx;
  private final boolean isCluster;

  /** Those of the event loop that runs the thread, so there is nothing to lock. */
  private final ThreadLocal<List<Waiting>> gathered = ThreadLocal.withInitial(ArrayList::new);

  private record Waiting(Request command, Promise<Response> answer) {}

  /** How commands are sent. The answers come in the order of the commands. */
  private interface Sender extends Function<List<Request>, Future<List<Response>>> {}

  CommandsOfATurn(
      Vertx vertx,
      @ConfigProperty(name = "quarkus.redis.client-type", defaultValue = "standalone")
          String clientType) {
    this.vertx = vertx;
    this.isCluster = clientType.equalsIgnoreCase("cluster");
  }

  /** Sends the command with its turn, by means of the function, and returns its own answer. */
  Future<Response> send(Request command, Function<List<Request>, Future<List<Response>>> together) {
    if (isCluster || !Context.isOnEventLoopThread()) {
      return alone(command, together::apply);
    }
    // The answer must come back on the caller's context, which only the internal type can promise.
    var context = (ContextInternal) vertx.getOrCreateContext();
    var waiting = new Waiting(command, context.promise());
    var turn = gathered.get();
    turn.add(waiting);
    if (turn.size() == 1) {
      context.runOnContext(end -> sendTurn(together::apply));
    }
    return waiting.answer().future();
  }

  private void sendTurn(Sender sender) {
    var turn = gathered.get();
    gathered.remove();
    for (int from = 0; from < turn.size(); from += MOST) {
      sendTogether(turn.subList(from, Math.min(turn.size(), from + MOST)), sender);
    }
  }

  private void sendTogether(List<Waiting> turn, Sender sender) {
    var commands = turn.stream().map(Waiting::command).toList();
    // Composed, so that nobody waits for ever should the sender throw.
    Future.succeededFuture(commands)
        .compose(sender)
        .onSuccess(
            answers -> {
              for (int i = 0; i < turn.size(); i++) {
                turn.get(i).answer().complete(answers.get(i));
              }
            })
        .onFailure(failure -> failed(turn, failure, sender));
  }

  /**
   * An error reply to one command hides what the others were answered. They must not suffer for it,
   * so each is sent again, alone.
   */
  private void failed(List<Waiting> turn, Throwable failure, Sender sender) {
    var isErrorReply = failure instanceof Response;
    if (isErrorReply && turn.size() > 1) {
      turn.forEach(waiting -> alone(waiting.command(), sender).onComplete(waiting.answer()));
    } else {
      turn.forEach(waiting -> waiting.answer().fail(failure));
    }
  }

  private static Future<Response> alone(Request command, Sender sender) {
    return sender.apply(List.of(command)).map(answers -> answers.get(0));
  }
}
