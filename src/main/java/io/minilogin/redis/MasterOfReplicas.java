package io.minilogin.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A client of the master among several Redis servers. It asks all servers at the same time, so that
 * no server can delay it, and uses the master until the master refuses connections.
 *
 * <p>Vert.x' own client for this purpose is not used: it never connects to a master without
 * replicas, which is the state after a failover; it searches for the master each time; and it loses
 * the number of the database when a replica names the master.
 */
final class MasterOfReplicas implements Redis {
  private static final Pattern IS_MASTER = Pattern.compile("(?m)^role:master\\s*$");

  private final List<Redis> all;
  private Future<Redis> master;

  /**
   * Creates a client for use by a single event loop.
   *
   * @param all one client for each address
   */
  MasterOfReplicas(List<Redis> all) {
    this.all = all;
    this.master = Future.failedFuture("the master is not known yet");
  }

  @Override
  public Future<RedisConnection> connect() {
    if (master.failed()) {
      master = findMaster();
    }
    var known = master;
    return known
        .compose(Redis::connect)
        .onFailure(
            failure -> {
              if (master == known) {
                master = Future.failedFuture(failure);
              }
            });
  }

  private Future<Redis> findMaster() {
    var masters = all.stream().map(MasterOfReplicas::requireMaster).toList();
    return Future.any(masters)
        .map(any -> masters.stream().filter(Future::succeeded).findFirst().orElseThrow().result());
  }

  private static Future<Redis> requireMaster(Redis each) {
    return each.connect()
        .compose(
            connection ->
                connection
                    .send(Request.cmd(Command.INFO).arg("replication"))
                    .onComplete(done -> connection.close()))
        .compose(
            info ->
                IS_MASTER.matcher(info.toString()).find()
                    ? Future.succeededFuture(each)
                    : Future.failedFuture("none of quarkus.redis.hosts is a master"));
  }

  @Override
  public Future<Response> send(Request command) {
    return connect().compose(c -> c.send(command).onComplete(done -> c.close()));
  }

  @Override
  public Future<List<Response>> batch(List<Request> commands) {
    return connect().compose(c -> c.batch(commands).onComplete(done -> c.close()));
  }

  @Override
  public void close() {
    all.forEach(Redis::close);
  }
}
