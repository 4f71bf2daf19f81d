package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.bench.Usage;
import io.minilogin.dev.WechatSimulator.Call;
import io.minilogin.it.ChaosFault.Scene;
import io.minilogin.it.ChaosPlan.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Instances, Redis and WeChat fail at random, alone and together, and every promise holds all the
 * time. The system property {@code chaos.minutes} sets the duration; with 0 the test does not run.
 * The failures and their times follow from {@code chaos.seed}, which is part of a failure's
 * message.
 *
 * <p>The test runs in rounds. After each round, everything must work again within a few seconds.
 */
@Tag("long")
@DisabledIfSystemProperty(named = "chaos.minutes", matches = "0")
@Isolated("it measures deadlines and memory")
@Order(1)
class ChaosIT {
  private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("chaos.minutes", 1));
  private static final long SEED = Long.getLong("chaos.seed", new Random().nextInt(1_000_000));
  private static final Duration RECOVERY = Duration.ofSeconds(8);

  /** The time after which the memory of an instance must not grow any further. */
  private static final Duration WARM_UP = Duration.ofMinutes(2);

  private static final long MAX_GROWTH = 32;
  private static final String HEAP = "-Xmx96m";

  /**
   * A killed Java process starts to compile again, which would slow down the others on two cores.
   */
  private static final String[] OPTIONS =
      Artefact.isNative() ? new String[] {HEAP} : new String[] {HEAP, "-XX:TieredStopAtLevel=1"};

  private static final String KEYS_FOR_EVER =
      """
      local found = {}
      for _, key in ipairs(redis.call('KEYS', '*')) do
        if redis.call('PTTL', key) == -1 then table.insert(found, key) end
      end
      return found
      """;

  @TempDir private static Path data;
  @RegisterExtension private static final Started started = new Started();

  private final ChaosJournal journal = new ChaosJournal();
  private final List<Long> megabytes = new ArrayList<>();
  private long megabytesAfterWarmUp = Long.MAX_VALUE / 2;

  @Test
  void everyPromiseHoldsDuringRandomFailures() {
    System.out.printf("-Dchaos.minutes=%d -Dchaos.seed=%d%n", TIME.toMinutes(), SEED);
    var surroundings =
        started.add(
            Surroundings.start(
                "--dir", data.toString(), "--appendonly", "yes", "--appendfsync", "always"));
    var instances =
        Stream.generate(() -> started.add(new ChaosInstance(service(surroundings))))
            .limit(ChaosPlan.INSTANCES)
            .toList();
    var plan = new ChaosPlan(SEED);
    var watch = Stopwatch.start();
    var callers = new ChaosCallers(instances, surroundings.wechat(), journal);
    var scene = new Scene(surroundings, instances, callers);
    try (callers) {
      while (watch.elapsed().compareTo(TIME) < 0 && journal.broken().isEmpty()) {
        passRound(scene, plan.nextRound());
        checkMemory(instances.get(ChaosPlan.SURVIVOR), watch);
      }
    }
    callers.lookAtSessions();
    assertNoCodeWentTwice(surroundings);
    System.out.println(journal.figures());
    System.out.printf("codes at WeChat: %,d%n", surroundings.wechat().calls().size());
    System.out.printf("resident MB of the instance that is never killed: %s%n", megabytes);
    assertThat(journal.broken()).as("seed %d%n%s%n", SEED, journal.story()).isEmpty();
  }

  /**
   * Builds a service like the one in its image, with a limit of the heap. Without a limit, the heap
   * would grow into all available memory.
   */
  private static ServiceProcess.Builder service(Surroundings surroundings) {
    return GatewayClient.knownTo(surroundings.service())
        .with("SESSION_IDLE_TIMEOUT", "5M")
        .command(Artefact.commandOfImage(Artefact.directory(), OPTIONS));
  }

  private void passRound(Scene scene, List<List<Turn>> places) {
    var ends = places.stream().map(turns -> begun(scene, turns));
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
    journal.event("failures end");
    try {
      await()
          .atMost(RECOVERY)
          .until(() -> scene.instances().stream().allMatch(one -> works(one, scene.instances())));
      journal.event("everything works again");
    } catch (ConditionTimeoutException e) {
      journal.broken("not everything works again");
    }
    assertNoCodeWentTwice(scene.surroundings());
    try (var redis = new RedisConnection(scene.surroundings().redis())) {
      RedisConnection.texts(redis.send("EVAL", KEYS_FOR_EVER, "0"))
          .forEach(key -> journal.broken(key + " is kept for ever"));
    }
  }

  /** Starts the turns and completes when the last of them has ended. */
  private CompletableFuture<Void> begun(Scene scene, List<Turn> turns) {
    var last = CompletableFuture.<Void>completedFuture(null);
    for (var turn : turns) {
      last =
          last.thenApplyAsync(past -> begin(scene, turn), after(turn.pauseMillis()))
              .thenAcceptAsync(Runnable::run, after(turn.millis()));
    }
    return last;
  }

  private Runnable begin(Scene scene, Turn turn) {
    journal.event(turn.toString());
    journal.count(ChaosPlan.name(turn.fault()));
    return turn.fault().begin(scene, turn.instance());
  }

  private static Executor after(int millis) {
    return CompletableFuture.delayedExecutor(millis, MILLISECONDS);
  }

  /** Returns whether a login at this instance works at all instances. */
  private static boolean works(ChaosInstance instance, List<ChaosInstance> all) {
    var client = client(instance);
    var login = client.login(code());
    if (client.ready().statusCode() != 200 || login.statusCode() != 200) {
      return false;
    }
    String token = login.path("access_token");
    return all.stream().allMatch(other -> client(other).verify(token).statusCode() == 200)
        && client.logout(token).statusCode() == 204;
  }

  private static Client client(ChaosInstance instance) {
    return instance.service().orElseThrow().client();
  }

  private void assertNoCodeWentTwice(Surroundings surroundings) {
    var seen = new HashSet<String>();
    surroundings.wechat().calls().stream()
        .map(Call::code)
        .filter(code -> !seen.add(code))
        .forEach(code -> journal.broken(code + " went to WeChat twice"));
  }

  private void checkMemory(ChaosInstance survivor, Stopwatch watch) {
    var now = Usage.of(survivor.service().orElseThrow().pid()).residentKilobytes() / 1024;
    megabytes.add(now);
    if (watch.elapsed().compareTo(WARM_UP) < 0) {
      megabytesAfterWarmUp = now;
    } else if (now > megabytesAfterWarmUp + MAX_GROWTH) {
      journal.broken("an instance has grown from %d to %d MB".formatted(megabytesAfterWarmUp, now));
    }
  }
}
