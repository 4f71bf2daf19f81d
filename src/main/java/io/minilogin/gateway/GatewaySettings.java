package io.minilogin.gateway;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The configuration as written; {@link GatewayClients} says what of it makes sense. */
@ConfigMapping(prefix = "gateway")
interface GatewaySettings {
  List<Client> clients();

  /** One of those who may ask. */
  interface Client {
    Optional<String> id();

    Optional<String> secret();
  }
}
