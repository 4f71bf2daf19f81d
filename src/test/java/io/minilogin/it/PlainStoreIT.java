package io.minilogin.it;

import io.minilogin.it.gateway.Recipe;
import org.junit.jupiter.api.Tag;

/** A single Redis without authentication. */
@Tag("long")
class PlainStoreIT extends StorePromises {
  @Override
  void start(Store store) {
    var redis = store.add(RedisServer.start("save \"\""));
    store.serve(
        Recipe.under(Store.PAGE, "### One Redis", "properties")
            .with("redis:6379", redis.address()));
  }
}
