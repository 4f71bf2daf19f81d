package io.minilogin.check;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Optional;

/** The configuration as written; {@link Clients} says what of it makes sense. */
@ConfigMapping(prefix = "clients")
interface ClientSettings {
  @WithParentName
  List<Client> clients();

  /** A gateway or a backend. */
  interface Client {
    Optional<String> id();

    Optional<String> secret();

    /** Taken as well, while not everybody has the new one yet. */
    Optional<String> previousSecret();

    /**
     * Some of {@code introspect}, {@code revoke} and {@code users}, all of them by default; and
     * paths of WeChat's API, of which there are none by default.
     */
    Optional<List<String>> may();

    /** The appids of those it may act for; all by default. */
    Optional<List<String>> apps();
  }
}
