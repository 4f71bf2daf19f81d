package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.EventSender.newId;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.Stopped;
import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * No event is acknowledged before the backend took it, whatever fails. Redis persists its data. The
 * token and the key of the push are in files.
 */
@Tag("long")
@Isolated("it measures deadlines")
@Order(1)
class PushFaultsIT {
  private static final Duration RECOVERY = Duration.ofSeconds(8);
  private static final Duration NOTICED = Duration.ofSeconds(30);
  private static final String NEW_TOKEN = "another-t0ken-of-the-push";
  private static final String NEW_KEY = "B".repeat(42) + "A";

  /**
   * A killed Java process starts to compile again, which would slow down the others on two cores.
   */
  private static final String[] OPTIONS =
      Artefact.isNative()
          ? new String[] {"-Xmx96m"}
          : new String[] {"-Xmx96m", "-XX:TieredStopAtLevel=1"};

  @TempDir private static Path data;
  @TempDir private static Path secrets;
  @RegisterExtension private static final Started started = new Started();
  private static final EventBackend backend = started.add(EventBackend.start());
  private static final EventSender sender = EventSender.of(APP);
  private static MountedSecret mounted;
  private static Surroundings surroundings;
  private static List<ChaosInstance> instances;

  @BeforeAll
  static void start() {
    surroundings =
        started.add(
            Surroundings.start(
                "--dir", data.toString(), "--appendonly", "yes", "--appendfsync", "always"));
    mounted =
        new MountedSecret(secrets)
            .update(
                Map.of(
                    "wechat.push-token", EventSender.TOKEN,
                    "wechat.push-aes-key", EventSender.AES_KEY));
    instances = Stream.generate(() -> started.add(new ChaosInstance(service()))).limit(2).toList();
  }

  private static ServiceProcess.Builder service() {
    return mounted
        .mountedIn(surroundings.service())
        .with("PUSH_ROUTES_0__EVENTS", "*")
        .with("PUSH_ROUTES_0__URL", backend.uri().toString())
        .command(Artefact.commandOfImage(Artefact.directory(), OPTIONS));
  }

  @AfterEach
  void recover() {
    await().atMost(RECOVERY).until(() -> one().client().ready().statusCode() == 200);
  }

  @Test
  void eventIsNotDeliveredWithoutRedis() {
    var id = newId();
    var push = sender.push("test_event", id, "");
    try (var stopped = Stopped.redis(surroundings.redis())) {
      var response = sender.post(one(), push);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("urn:mini-login:problem:store-unavailable");
      assertThat(backend.deliveries(id)).isEmpty();
    }
    await().atMost(RECOVERY).until(() -> sender.post(one(), push).statusCode() == 200);
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  @Test
  void eventThatTheBackendTookIsAcknowledgedWithoutRedis() {
    var id = newId();
    var response = sender.send(one(), sender.push("test_event", id, "slow"));
    await().until(() -> backend.deliveries(id).size() == 1);
    try (var stopped = Stopped.redis(surroundings.redis())) {
      assertThat(response.join().statusCode()).isEqualTo(200);
      assertThat(response.join().body()).isEqualTo("success");
    }
  }

  @Test
  void cancellationIsNotDeliveredBeforeTheSessionsHaveEnded() {
    var user = newUser();
    var openid = surroundings.wechat().openidOf(APP.appid(), user);
    var token = one().client().tokenFor(codeOf(user));
    var id = newId();
    var event = sender.event("user_authorization_cancellation", id, "").put("OpenID", openid);
    var push = sender.sender().push(Mode.SAFE, Format.JSON, event);
    try (var redis = new RedisConnection(surroundings.redis())) {
      redis.send("CONFIG", "SET", "min-replicas-to-write", "1");
      assertThat(sender.post(one(), push).statusCode()).isEqualTo(503);
      assertThat(backend.deliveries(id)).isEmpty();
      redis.send("CONFIG", "SET", "min-replicas-to-write", "0");
    }
    await().atMost(RECOVERY).until(() -> sender.post(one(), push).statusCode() == 200);
    assertThat(one().client().verify(token).statusCode()).isEqualTo(401);
    assertThat(backend.deliveries(id)).hasSize(1);
  }

  @Test
  void eventOfAKilledInstanceIsDeliveredAgain() {
    var id = newId();
    var push = sender.push("test_event", id, "slow");
    var lost = sender.send(two(), push);
    await().until(() -> backend.deliveries(id).size() == 1);
    var restart = instances.get(1).kill();
    // The claim of the killed instance expires after 5 s.
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> sender.post(one(), push).body().equals("success"));
    assertThat(lost).isCompletedExceptionally();
    assertThat(backend.deliveries(id)).hasSize(2);
    restart.run();
  }

  @Test
  void changedFileReplacesTheTokenAndTheKey() {
    var next = EventSender.of(APP, NEW_TOKEN, NEW_KEY, Clock.systemUTC());
    mounted.update(
        Map.of(
            "wechat.push-token",
            NEW_TOKEN,
            "wechat.push-aes-key",
            NEW_KEY,
            "wechat.previous-push-token",
            EventSender.TOKEN,
            "wechat.previous-push-aes-key",
            EventSender.AES_KEY));
    await().atMost(NOTICED).until(() -> isAccepted(next));
    assertThat(isAccepted(sender)).isTrue();
  }

  private static boolean isAccepted(EventSender from) {
    var response = from.post(one(), from.push("test_event", newId(), "reply"));
    return response.statusCode() == 200
        && from.sender().decrypt(response.body()).equals(EventBackend.REPLY);
  }

  @Test
  @DisabledIfSystemProperty(named = "chaos.minutes", matches = "0")
  void acknowledgedEventsHaveReachedTheBackend() {
    var events = new EventFlood(sender, backend, instances, surroundings);
    events.run();
    System.out.println(events.figures());
    assertThat(events.broken()).isEmpty();
  }

  private static ServiceProcess one() {
    return instances.get(0).service().orElseThrow();
  }

  private static ServiceProcess two() {
    return instances.get(1).service().orElseThrow();
  }
}
