package io.minilogin.it;

import static org.awaitility.Awaitility.await;

import io.minilogin.Stopped;
import io.minilogin.dev.EmbeddedRedis;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/** A temporary failure of one component. */
sealed interface ChaosFault {

  /** The components that can fail. */
  record Scene(Surroundings surroundings, List<ChaosInstance> instances, ChaosCallers callers) {}

  /**
   * Begins the failure and returns the action that ends it.
   *
   * @param instance the affected instance, if the failure affects an instance
   */
  Runnable begin(Scene scene, int instance);

  enum OfInstance implements ChaosFault {
    STOPPED(ChaosInstance::stop),
    KILLED(ChaosInstance::kill);

    private final Function<ChaosInstance, Runnable> begin;

    OfInstance(Function<ChaosInstance, Runnable> begin) {
      this.begin = begin;
    }

    @Override
    public Runnable begin(Scene scene, int instance) {
      return begin.apply(scene.instances().get(instance));
    }
  }

  /** Failures of Redis. Redis persists its data: a restart restores every acknowledged write. */
  enum OfRedis implements ChaosFault {
    STOPPED(around -> Stopped.redis(around.redis())::close),
    KILLED(
        around -> {
          around.redis().kill();
          return around::restartRedis;
        }),
    SHUT_DOWN(
        around -> {
          around.redis().stop();
          return around::restartRedis;
        }),
    READ_ONLY(configured("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")),
    FULL(configured("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")),
    WITHOUT_REPLICAS(
        configured("CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")),
    CONNECTIONS_CUT(configured("CLIENT KILL TYPE normal", "PING"));

    private final Function<Surroundings, Runnable> begin;

    OfRedis(Function<Surroundings, Runnable> begin) {
      this.begin = begin;
    }

    @Override
    public Runnable begin(Scene scene, int instance) {
      return begin.apply(scene.surroundings());
    }

    private static Function<Surroundings, Runnable> configured(String begin, String end) {
      return around -> {
        send(around.redis(), begin);
        return () -> send(around.redis(), end);
      };
    }

    /** Sends the command as soon as Redis has loaded its data. */
    private static void send(EmbeddedRedis redis, String command) {
      await()
          .ignoreException(UncheckedIOException.class)
          .until(
              () -> {
                try (var connection = new RedisConnection(redis)) {
                  return connection.send((Object[]) command.split(" ")) != null;
                }
              });
    }
  }

  /** Failures of WeChat. They affect all codes that are posted in the meantime. */
  enum OfWechat implements ChaosFault {
    HANGS("delay=10000", "504 wechat-timeout"),
    SLOW("delay=2000", "200"),
    CLOSES("close", "502 wechat-failed"),
    RESETS("reset", "502 wechat-failed"),
    HTML("html", "502 wechat-failed"),
    EMPTY("empty", "502 wechat-failed"),
    TRUNCATED("truncated", "502 wechat-failed"),
    CUT("cut", "502 wechat-failed"),
    WITHOUT_OPENID("no-openid", "502 wechat-failed"),
    ERROR("status=500", "502 wechat-failed"),
    BUSY("errcode=-1", "503 wechat-busy"),
    THROTTLES("errcode=45011", "429 throttled"),
    REFUSES("errcode=40029", "400 code-invalid");

    private final String word;
    private final String answer;

    OfWechat(String word, String answer) {
      this.word = word;
      this.answer = answer;
    }

    @Override
    public Runnable begin(Scene scene, int instance) {
      scene.callers().postCodes(word, answer);
      return scene.callers()::postGoodCodes;
    }
  }
}
