package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.awaitility.Awaitility.await;

import io.minilogin.it.gateway.Recipe;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three sentinels, a master and two replicas. */
@Tag("long")
@Order(1)
class SentinelStoreIT extends StorePromises {
  private List<RedisServer> redis;
  private List<RedisServer> sentinels;

  @Override
  void start(Store store) {
    var master = store.add(RedisServer.start(lines()));
    redis = List.of(master, replicaOf(master), replicaOf(master));
    sentinels =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    store.add(
                        RedisServer.sentinel(
                            "sentinel monitor mymaster 127.0.0.1 " + master.port() + " 2",
                            "sentinel down-after-milliseconds mymaster 1000",
                            "sentinel failover-timeout mymaster 5000",
                            Store.userOfSentinel())))
            .toList();
    await().atMost(Duration.ofSeconds(30)).until(this::isComplete);
    store.serve(Store.block("### Sentinel", sentinels));
  }

  private static String[] lines(String... more) {
    var all = List.of("save \"\"", "repl-diskless-sync yes", "repl-diskless-sync-delay 0");
    return Stream.of(all, List.of(more), List.of(Store.user()))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  private RedisServer replicaOf(RedisServer master) {
    return store().add(RedisServer.start(lines("replicaof 127.0.0.1 " + master.port())));
  }

  /** Returns whether each sentinel knows the replicas and the other sentinels. */
  private boolean isComplete() {
    return sentinels.stream()
        .allMatch(
            each -> {
              var state = RedisConnection.texts(each.send("SENTINEL", "MASTER", "mymaster"));
              return state.get(state.indexOf("num-slaves") + 1).equals("2")
                  && state.get(state.indexOf("num-other-sentinels") + 1).equals("2");
            });
  }

  private RedisServer master() {
    return redis.stream().filter(each -> each.says("replication", "role:master")).findFirst().get();
  }

  /**
   * As documented on the configuration page: a sentinel without a password accepts any password of
   * the default user.
   */
  @Test
  void sentinelNeedsNoPasswordIfRedisHasOnlyAPassword() {
    var password = "requirepass " + Store.PASSWORD;
    try (var master = RedisServer.start("save \"\"", password);
        var sentinel =
            RedisServer.sentinel(
                "sentinel monitor mymaster 127.0.0.1 " + master.port() + " 1",
                "sentinel auth-pass mymaster " + Store.PASSWORD)) {
      var service =
          store()
              .builder(
                  new Recipe(
                      """
                      quarkus.redis.client-type=sentinel
                      quarkus.redis.master-name=mymaster
                      quarkus.redis.password=%s
                      quarkus.redis.hosts=redis://%s
                      """
                          .formatted(Store.PASSWORD, sentinel.address())));
      try (var started = service.start()) {
        started.client().tokenFor(code());
      }
    }
  }

  @Test
  @Tag("jar")
  void failoverLogsNobodyOut() {
    var master = master();
    var outage = Outage.begin(store().service(), master);
    master.kill();
    outage.end("sentinel, master killed", Duration.ofSeconds(20));
    master.restart();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> master.says("replication", "master_link_status:up"));
  }

  @Test
  @Tag("jar")
  void hangingMasterLogsNobodyOut() {
    var master = master();
    var outage = Outage.begin(store().service(), master);
    try (var hangs = master.stop()) {
      outage.end("sentinel, master hangs", Duration.ofSeconds(20));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> master.says("replication", "master_link_status:up"));
  }

  @Test
  @Tag("jar")
  void hangingSentinelIsSkipped() {
    var outage = Outage.begin(store().service());
    try (var hangs = sentinels.get(0).stop()) {
      outage.end("sentinel, first sentinel hangs", Duration.ofSeconds(10));
    }
  }
}
