package io.minilogin.it;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A master with two replicas, one of which is promoted manually. */
@Tag("long")
class ReplicationStoreIT extends StorePromises {
  @Override
  void start(Store store) {
    var master = store.add(RedisServer.start("save \"\"", Store.user()));
    var replicas = List.of(replica(master), replica(master));
    replicas.forEach(
        each -> await().until(() -> each.says("replication", "master_link_status:up")));
    store.serve(Store.block("### Replication", List.of(replicas.get(0), master, replicas.get(1))));
  }

  private RedisServer replica(RedisServer master) {
    return store()
        .add(
            RedisServer.start(
                "save \"\"",
                "repl-diskless-sync yes",
                "repl-diskless-sync-delay 0",
                "replicaof 127.0.0.1 " + master.port(),
                Store.user()));
  }

  @Test
  void promotedReplicaIsUsedAsMasterWithoutReplicas() {
    var master = store().servers().get(0);
    var promoted = store().servers().get(1);
    var outage = Outage.begin(store().service(), master);
    master.kill();
    promoted.send("REPLICAOF", "NO", "ONE");
    outage.end("replication, promoted at once", Duration.ofSeconds(10));

    // Restores the topology for the other tests, with another master.
    store().servers().get(2).send("REPLICAOF", "127.0.0.1", promoted.port());
  }

  @Test
  void hangingReplicaCausesNoFailures() {
    var outage = Outage.begin(store().service());
    try (var hangs = store().servers().get(2).stop()) {
      outage.awaitCalls();
      outage.none();
    }
  }
}
