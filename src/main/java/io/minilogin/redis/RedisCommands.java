package io.minilogin.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.async.Deadlines;
import io.minilogin.log.Fields;
import io.minilogin.log.Incidents;
import io.minilogin.problem.ProblemType;
import io.minilogin.trace.Tracing;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Sends commands to Redis. Each ends within {@link Deadlines#REDIS_COMMAND}; whatever goes wrong,
 * an error reply included, is a {@link StoreUnavailableException}. A command that failed may have
 * been carried out, may be sent again and may still be carried out later, so callers send only what
 * may happen twice or late.
 */
@Singleton
public class RedisCommands {
  /** Well under the number of replies that the client lets a connection wait for, 2048. */
  private static final int LARGEST_BATCH = 512;

  /** Bytes. No value of ours is larger, so of a larger one there is no need to read the rest. */
  private static final int LARGEST_VALUE = 1024;

  private static final Pattern USER_OF_AN_ADDRESS = Pattern.compile("//[^/\\s]*@");

  private final Vertx vertx;
  private final RedisSettings settings;
  private final RedisMeters meters;
  private final Incidents incidents;
  private final Tracing tracing;
  private final SeenCertificates certificates = new SeenCertificates();

  /** By the thread of the event loop. */
  private final ConcurrentMap<Thread, RedisConnections> ofLoops = new ConcurrentHashMap<>();

  /** For callers that run on no event loop. */
  private final Context home;

  /**
   * Quarkus reads its settings of Redis where its client is injected; that client is used for
   * nothing else.
   */
  RedisCommands(
      Vertx vertx,
      Redis ofQuarkus,
      RedisSettings settings,
      MeterRegistry registry,
      Incidents incidents,
      Tracing tracing) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.settings = settings;
    this.meters = new RedisMeters(registry);
    this.incidents = incidents;
    this.tracing = tracing;
  }

  /** Certificates that have changed are those of connections that are made from now on. */
  void reconnect(@Observes CertificateUpdatedEvent read) {
    if (certificates.areNew(read)) {
      ofLoops.values().forEach(RedisConnections::reconnect);
    }
  }

  @PreDestroy
  void close() {
    ofLoops.values().forEach(RedisConnections::close);
  }

  /** The item is null where Redis answers nil, or holds a value of another type. */
  public Uni<Response> send(Request command) {
    return sent(connections -> connections.send(command));
  }

  /** The same for a script. */
  public Uni<Response> send(RedisScript.Call call) {
    return sent(connections -> connections.send(call));
  }

  private Uni<Response> sent(Function<RedisConnections, Future<Response>> sending) {
    return Uni.createFrom()
        .emitter(
            uni ->
                onALoop(sending)
                    .onSuccess(uni::complete)
                    .onFailure(failure -> uni.fail(unavailable(failure))));
  }

  /**
   * The string under this key. Of one with over {@value #LARGEST_VALUE} bytes, which is none of
   * ours, only the beginning. Empty where there is none.
   */
  public Uni<Optional<byte[]>> get(String key) {
    return send(Request.cmd(Command.GETRANGE).arg(key).arg(0).arg(LARGEST_VALUE - 1))
        .map(
            value ->
                Optional.ofNullable(value)
                    .map(Response::toBytes)
                    .filter(bytes -> bytes.length > 0));
  }

  /** The same with the failure as the client reports it. */
  Future<Response> sendUnmapped(Request command) {
    return onALoop(connections -> connections.send(command));
  }

  private Future<Response> onALoop(Function<RedisConnections, Future<Response>> sending) {
    if (Context.isOnEventLoopThread()) {
      return sending.apply(ofThisLoop());
    }
    var answer = Promise.<Response>promise();
    home.runOnContext(here -> sending.apply(ofThisLoop()).onComplete(answer));
    return answer.future();
  }

  private RedisConnections ofThisLoop() {
    return ofLoops.computeIfAbsent(Thread.currentThread(), loop -> newConnections());
  }

  private RedisConnections newConnections() {
    var current = (ContextInternal) vertx.getOrCreateContext();
    // Of its own: what is made in a request's context would keep that for good.
    var context =
        current
            .owner()
            .createEventLoopContext(
                current.nettyEventLoop(), current.workerPool(), current.classLoader());
    return new RedisConnections(
        context,
        () -> settings.newClient(vertx),
        settings::skipsHandshakeAfter,
        settings.isCluster() ? 1 : LARGEST_BATCH,
        meters,
        tracing);
  }

  /** Without a message's further lines, which may quote the command, and without a password. */
  static String reason(Throwable cause) {
    var line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return USER_OF_AN_ADDRESS.matcher(line).replaceAll("//");
  }

  private StoreUnavailableException unavailable(Throwable cause) {
    var kind = RedisFailure.of(cause);
    meters.failed(kind);
    incidents.tell(
        "Redis is not available",
        Fields.of(ProblemType.STORE_UNAVAILABLE).and("kind", kind.text()),
        Fields.none().and("reason", reason(cause)));
    return new StoreUnavailableException();
  }
}
