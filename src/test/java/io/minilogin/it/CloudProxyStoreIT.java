package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.it.gateway.Recipe;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redis behind the proxy of a cloud, with a user and a password. */
@Tag("long")
class CloudProxyStoreIT extends StorePromises {
  private static final Duration NOTICED = Duration.ofSeconds(20);

  private RedisServer redis;
  private CloudProxy proxy;

  @Override
  void start(Store store) throws IOException {
    redis =
        store.add(
            RedisServer.start(
                "save \"\"", "user operator on nopass +@all", "user default off", Store.user()));
    proxy = new CloudProxy(redis.port());
    store.serve(
        Recipe.under(Store.PAGE, "### One Redis", "properties")
            .with("redis://redis:6379", Store.withUser(proxy.address())));
  }

  @Test
  void serviceConnectsWithoutHello() {
    client().tokenFor(code());
    assertThat(proxy.refused()).contains("HELLO");
  }

  @Test
  void missingScriptIsSentAgain() {
    client().tokenFor(code());
    try (var direct = new RedisConnection(redis.port())) {
      direct.send("AUTH", "operator", "any");
      direct.send("SCRIPT", "FLUSH");
    }
    client().tokenFor(code());
  }

  @Test
  void serviceIsNotReadyWhileScriptsAreRefused() throws IOException {
    client().ready().then().statusCode(200);
    proxy.refuseScripts(true);
    await().atMost(NOTICED).until(() -> client().ready().statusCode() == 503);
    assertThat(store().service().lines())
        .anyMatch(line -> line.contains("Redis refuses a script that every login needs"));
    proxy.refuseScripts(false);
    await().atMost(NOTICED).until(() -> client().ready().statusCode() == 200);
    client().tokenFor(code());
  }
}
