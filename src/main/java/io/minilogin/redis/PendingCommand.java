package io.minilogin.redis;

import io.minilogin.redis.RedisScript.Call;
import io.opentelemetry.context.Context;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Optional;

/**
 * A command that has no reply yet.
 *
 * @param call the script call, if the command calls a script
 * @param request the trace context of the request that the command is sent for
 */
record PendingCommand(
    Request command, Optional<Call> call, Promise<Response> answer, Context request) {
  /** Returns the script call with the whole script. */
  PendingCommand inFull() {
    return new PendingCommand(call.orElseThrow().inFull(), Optional.empty(), answer, request);
  }
}
