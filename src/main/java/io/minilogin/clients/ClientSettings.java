package io.minilogin.clients;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Optional;

/** The settings of the clients. {@link ClientReader} validates them. */
@ConfigMapping(prefix = "clients")
interface ClientSettings {
  @WithParentName
  List<Client> clients();

  /** A gateway or a backend. */
  interface Client {
    Optional<String> id();

    Optional<String> secret();

    /** The previous secret, which is accepted as well until all callers have the new one. */
    Optional<String> previousSecret();

    /**
     * Any of {@code introspect}, {@code revoke}, {@code users} and {@code sign}, and paths of
     * WeChat's API. The default is the first three words and no paths.
     */
    Optional<List<String>> may();

    /** The appids that the client may act for; all by default. */
    Optional<List<String>> apps();
  }
}
