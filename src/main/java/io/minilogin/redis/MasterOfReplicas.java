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
 * A client of the one among several Redis that says it is the master. It asks all of them at the
 * same time, so that none can hold it up, and keeps to the master until that refuses connections.
 *
 * <p>Vert.x has such a client, too, which is not used: it never connects to a master without
 * replicas, as one is after a failover; it asks each time; it forgets the number of the database
 * where a replica tells it of the master.
 */
final class MasterOfReplicas implements Redis {
  private static final Pattern IS_MASTER = Pattern.compile("(?m)^role:master\\s*$");

  private final List<Redis> all;
  private Future<Redis> master;

  /**
   * To be used by one event loop alone.
   *
   * @param all one for each address
   */
  MasterOfReplicas(List<Redis> all) {
    this.all = all;
    this.master = Future.failedFuture("not looked for");
  }

  @Override
  public Future<RedisConnection> connect() {
    if (master.failed()) {
      master = found();
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

  private Future<Redis> found() {
    var masters = all.stream().map(MasterOfReplicas::ifMaster).toList();
    return Future.any(masters)
        .map(any -> masters.stream().filter(Future::succeeded).findFirst().orElseThrow().result());
  }

  private static Future<Redis> ifMaster(Redis each) {
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
