package io.minilogin.it;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** A single Redis whose user has only the permissions listed in {@code docs/storage.md}. */
@Tag("long")
class AclStoreIT extends StorePromises {
  @Override
  void start(Store store) {
    var redis = store.add(RedisServer.start("save \"\"", Store.user()));
    store.serve(Store.block("### User and password", List.of(redis)));
  }
}
