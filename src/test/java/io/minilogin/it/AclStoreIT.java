package io.minilogin.it;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** One Redis, whose user is not allowed more than {@code docs/storage.md} says. */
@Tag("long")
class AclStoreIT extends StorePromises {
  @Override
  void start(Store store) {
    var redis = store.add(RedisServer.start("save \"\"", Store.user()));
    store.serve(Store.block("### User and password", List.of(redis)));
  }
}
