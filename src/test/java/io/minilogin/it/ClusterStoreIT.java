package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster of three masters with one replica each. */
@Tag("long")
class ClusterStoreIT extends StorePromises {
  private static final int SLOTS = 16_384;
  private static final int MASTERS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Override
  void start(Store store) {
    var nodes = IntStream.range(0, 2 * MASTERS).mapToObj(i -> store.add(node())).toList();
    var first = nodes.get(0);
    for (var node : nodes.subList(1, nodes.size())) {
      node.send("CLUSTER", "MEET", "127.0.0.1", first.port());
    }
    for (int i = 0; i < MASTERS; i++) {
      var slots = IntStream.range(SLOTS * i / MASTERS, SLOTS * (i + 1) / MASTERS).boxed();
      nodes.get(i).send(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray());
    }
    await().atMost(TIMEOUT).until(() -> nodes.stream().allMatch(node -> knowsAll(node, nodes)));
    for (int i = 0; i < MASTERS; i++) {
      nodes.get(MASTERS + i).send("CLUSTER", "REPLICATE", id(nodes.get(i)));
    }
    awaitAllWell();
    store.serve(Store.block("### Cluster", nodes.subList(0, MASTERS)));
  }

  private static RedisServer node() {
    return RedisServer.start(
        "save \"\"",
        "cluster-enabled yes",
        "cluster-node-timeout 1500",
        "repl-diskless-sync yes",
        "repl-diskless-sync-delay 0",
        Store.user());
  }

  private static boolean knowsAll(RedisServer node, List<RedisServer> all) {
    var known = clusterInfo(node);
    return known.contains("cluster_known_nodes:" + all.size());
  }

  private void awaitAllWell() {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                masters().size() == MASTERS
                    && store().servers().stream().allMatch(ClusterStoreIT::isWell));
  }

  private static boolean isWell(RedisServer node) {
    return clusterInfo(node).contains("cluster_state:ok")
        && (node.says("replication", "role:master")
            ? node.says("replication", "connected_slaves:1")
            : node.says("replication", "master_link_status:up"));
  }

  private static String clusterInfo(RedisServer node) {
    return new String((byte[]) node.send("CLUSTER", "INFO"), UTF_8);
  }

  private static String id(RedisServer node) {
    return new String((byte[]) node.send("CLUSTER", "MYID"), UTF_8);
  }

  private List<RedisServer> masters() {
    return store().servers().stream()
        .filter(node -> node.says("replication", "role:master"))
        .toList();
  }

  /** A session and its user are on different nodes. Logins save their sessions on slow nodes. */
  @Test
  void blockDuringASlowSaveLeavesNoSession() {
    var user = newUser();
    var openid = store().wechat().openidOf(APP.appid(), user);
    var slow = mastersWithout(user(openid));
    var codes = Stream.generate(() -> codeOf(user, "delay=1000")).limit(10).toList();
    var logins = codes.stream().map(code -> Crowd.login(store().service(), code)).map(Crowd::send);
    var underWay = logins.toList();
    await().until(() -> codes.stream().allMatch(code -> store().wechat().callsWith(code) == 1));
    slow.forEach(node -> node.send("CLIENT", "PAUSE", "5000", "WRITE"));
    try {
      await().until(() -> slow.stream().anyMatch(ClusterStoreIT::delaysCommands));
      new GatewayClient(client()).block(APP.appid(), openid, "").then().statusCode(204);
    } finally {
      slow.forEach(node -> node.send("CLIENT", "UNPAUSE"));
    }

    var answers = underWay.stream().map(CompletableFuture::join).toList();
    assertThat(Crowd.kinds(answers)).containsKey("403 user-blocked");
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 200)
        .extracting(answer -> JsonPath.from(answer.body()).getString("access_token"))
        .allSatisfy(token -> client().verify(token).then().spec(tokenInvalid()));
    new GatewayClient(client()).sessions(APP.appid(), openid).then().body("sessions", hasSize(0));
  }

  private static String user(String openid) {
    return RedisConnection.userKey(APP.appid(), openid);
  }

  private static boolean delaysCommands(RedisServer node) {
    return !node.says("clients", "blocked_clients:0");
  }

  private List<RedisServer> mastersWithout(String key) {
    var slot = (Long) masters().get(0).send("CLUSTER", "KEYSLOT", key);
    return masters().stream().filter(node -> !has(node, slot)).toList();
  }

  @Test
  @Tag("jar")
  void sessionsSurviveTheLossOfAMaster() {
    var masters = masters();
    var outage = Outage.begin(store().service(), masters.toArray(RedisServer[]::new));
    masters.get(1).kill();
    outage.end("cluster, master killed", Duration.ofSeconds(20));
    masters.get(1).restart();
    awaitAllWell();
  }

  @Test
  @Tag("jar")
  void sessionsSurviveAHangingMaster() {
    var masters = masters();
    var outage = Outage.begin(store().service(), masters.toArray(RedisServer[]::new));
    // The service asks the first node for the other nodes.
    try (var hangs = masters.get(0).stop()) {
      outage.end("cluster, master hangs", Duration.ofSeconds(20));
    }
    awaitAllWell();
  }

  @Test
  @Tag("jar")
  void sessionsSurviveTheLossOfAReplica() {
    var replica =
        store().servers().stream()
            .filter(node -> node.says("replication", "role:slave"))
            .findFirst()
            .orElseThrow();
    var outage = Outage.begin(store().service());
    replica.kill();
    outage.end("cluster, replica killed", Duration.ofSeconds(20));
    replica.restart();
    awaitAllWell();
  }

  /** Moves slots like redis-cli --cluster reshard, but slower. */
  @Test
  @Tag("jar")
  void reshardingCausesNoFailures() {
    var masters = masters();
    var tokens = IntStream.range(0, 20).mapToObj(i -> client().tokenFor(code())).toList();
    var outage = Outage.begin(store().service());
    for (var token : tokens) {
      var slot =
          (Long) masters.get(0).send("CLUSTER", "KEYSLOT", RedisConnection.sessionKey(token));
      var from = masters.stream().filter(node -> has(node, slot)).findFirst().orElseThrow();
      var to = masters.get((masters.indexOf(from) + 1) % masters.size());
      move(slot, from, to, masters, outage, token);
    }
    outage.none();
    assertThat(masters).anyMatch(node -> hasAnswered(node, "ASK"));
    assertThat(masters).anyMatch(node -> hasAnswered(node, "MOVED"));
    tokens.forEach(token -> client().logout(token).then().statusCode(204));
  }

  private void move(
      Long slot,
      RedisServer from,
      RedisServer to,
      List<RedisServer> masters,
      Outage outage,
      String token) {
    to.send("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
    from.send("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    client().session(token).then().statusCode(200);
    for (var key : RedisConnection.texts(from.send("CLUSTER", "GETKEYSINSLOT", slot, "100"))) {
      from.send("MIGRATE", "127.0.0.1", to.port(), key, "0", "5000");
    }
    // The key has moved, and the old node redirects to the new node (ASK).
    client().session(token).then().statusCode(200);
    outage.awaitCalls();
    for (var node : Stream.concat(Stream.of(to, from), masters.stream()).distinct().toList()) {
      node.send("CLUSTER", "SETSLOT", slot, "NODE", id(to));
    }
    // The slot has moved (MOVED).
    client().session(token).then().statusCode(200);
  }

  private static boolean hasAnswered(RedisServer node, String error) {
    return new String((byte[]) node.send("INFO", "errorstats"), UTF_8)
        .contains("errorstat_" + error + ":");
  }

  private static boolean has(RedisServer node, long slot) {
    var myself = id(node);
    return ((List<?>) node.send("CLUSTER", "SLOTS"))
        .stream()
            .map(range -> (List<?>) range)
            .filter(range -> (Long) range.get(0) <= slot && slot <= (Long) range.get(1))
            .map(range -> (List<?>) range.get(2))
            .anyMatch(owner -> new String((byte[]) owner.get(2), UTF_8).equals(myself));
  }
}
