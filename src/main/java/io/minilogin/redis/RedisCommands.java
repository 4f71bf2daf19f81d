package io.minilogin.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.async.Deadlines;
import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.observe.Tracing;
import io.minilogin.problem.ProblemType;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Sends commands to Redis. Each command ends within {@link Deadlines#REDIS_COMMAND}. Every failure,
 * including an error reply, becomes a {@link StoreUnavailableException}. A failed command may have
 * been executed, may be retried and may still be executed later. So callers send only commands that
 * may be executed twice or late.
 */
@Singleton
public class RedisCommands {
  /** Well below 2048, the number of replies for which the client lets a connection wait. */
  private static final int LARGEST_BATCH = 512;

  private static final Pattern USER_OF_AN_ADDRESS = Pattern.compile("//[^/\\s]*@");

  private final Vertx vertx;
  private final RedisClients clients;
  private final RedisMeters meters;
  private final Incidents incidents;
  private final Tracing tracing;
  private final SeenCertificates certificates = new SeenCertificates();

  /** The connections by the thread of their event loop. */
  private final ConcurrentMap<Thread, RedisConnections> byEventLoop = new ConcurrentHashMap<>();

  private volatile boolean isClosed;

  /** The context for callers that do not run on an event loop. */
  private final Context home;

  /**
   * Takes Quarkus' client only because Quarkus reads its Redis settings where this client is
   * injected. The client has no other use.
   */
  RedisCommands(
      Vertx vertx,
      Redis ofQuarkus,
      RedisClients clients,
      MeterRegistry registry,
      Incidents incidents,
      Tracing tracing) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.clients = clients;
    this.meters = new RedisMeters(registry);
    this.incidents = incidents;
    this.tracing = tracing;
  }

  /** Replaces the connections if the certificates have changed. */
  void reconnect(@Observes CertificateUpdatedEvent read) {
    if (certificates.areNew(read)) {
      byEventLoop.values().forEach(RedisConnections::reconnect);
    }
  }

  @PreDestroy
  void close() {
    isClosed = true;
    byEventLoop.values().forEach(RedisConnections::close);
  }

  /** Sends a command. The item is null if Redis replies nil or the key holds another type. */
  public Uni<Response> send(Request command) {
    return sent(connections -> connections.send(command));
  }

  /** Sends a script call. The item is null if Redis replies nil or the key holds another type. */
  public Uni<Response> send(RedisScript.Call call) {
    return sent(connections -> connections.send(call));
  }

  private Uni<Response> sent(Function<RedisConnections, Future<Response>> sending) {
    return Uni.createFrom()
        .emitter(
            uni ->
                onEventLoop(sending)
                    .onSuccess(uni::complete)
                    .onFailure(failure -> uni.fail(unavailable(failure))));
  }

  /** Sends a command and fails with the client's own exception. */
  Future<Response> sendUnmapped(Request command) {
    return onEventLoop(connections -> connections.send(command));
  }

  private Future<Response> onEventLoop(Function<RedisConnections, Future<Response>> sending) {
    if (isClosed) {
      return Future.failedFuture("the service is stopping");
    }
    if (Context.isOnEventLoopThread()) {
      return sending.apply(currentConnections());
    }
    var answer = Promise.<Response>promise();
    home.runOnContext(here -> sending.apply(currentConnections()).onComplete(answer));
    return answer.future();
  }

  private RedisConnections currentConnections() {
    return byEventLoop.computeIfAbsent(Thread.currentThread(), loop -> newConnections());
  }

  private RedisConnections newConnections() {
    var current = (ContextInternal) vertx.getOrCreateContext();
    // Connections that are made in a request's context would keep that context forever.
    var context =
        current
            .owner()
            .createEventLoopContext(
                current.nettyEventLoop(), current.workerPool(), current.classLoader());
    return new RedisConnections(
        context,
        () -> clients.newClient(vertx),
        clients::skipsHandshakeAfter,
        clients.isCluster() ? 1 : LARGEST_BATCH,
        meters,
        tracing);
  }

  /**
   * Returns the first line of the message, because further lines may quote the command. Removes the
   * user and password from addresses.
   */
  static String reason(Throwable cause) {
    var line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return USER_OF_AN_ADDRESS.matcher(line).replaceAll("//");
  }

  private StoreUnavailableException unavailable(Throwable cause) {
    if (isClosed) {
      // A stop of the service is not a failure of Redis.
      return new StoreUnavailableException();
    }
    var kind = RedisFailure.of(cause);
    meters.failed(kind);
    incidents.tell(
        "Redis is not available",
        Fields.of(ProblemType.STORE_UNAVAILABLE).and("kind", kind.metricName()),
        Fields.none().and("reason", reason(cause)));
    return new StoreUnavailableException();
  }
}
