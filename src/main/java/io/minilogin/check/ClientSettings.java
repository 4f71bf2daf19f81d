package io.minilogin.check;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The configuration as written; {@link Clients} says what of it makes sense. */
@ConfigMapping(prefix = "gateway")
interface ClientSettings {
  List<Client> clients();

  /** One of those who may ask. */
  interface Client {
    Optional<String> id();

    Optional<String> secret();
  }
}
