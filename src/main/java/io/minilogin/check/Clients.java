package io.minilogin.check;

import io.minilogin.app.Setting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Who may ask about other people's tokens. Refuses a start with clients that are incomplete or
 * configured twice, naming the property.
 */
@Startup
@Singleton
class Clients {
  /** All that is kept of ids and secrets. */
  private final List<byte[]> digests = new ArrayList<>();

  Clients(ClientSettings settings) {
    var ids = new HashSet<String>();
    for (int i = 0; i < settings.clients().size(); i++) {
      var prefix = "gateway.clients[%d].".formatted(i);
      var client = settings.clients().get(i);
      var secret = Setting.secret(prefix + "secret", client.secret());
      var id = Setting.of(prefix + "id", client.id());
      if (id.indexOf(':') >= 0) {
        throw new ConfigurationException(prefix + "id has a colon, which HTTP Basic cannot send");
      }
      if (!ids.add(id)) {
        throw new ConfigurationException(prefix + "id names a client that is configured twice");
      }
      digests.add(new Credentials(id, secret).digest());
    }
  }

  boolean areNone() {
    return digests.isEmpty();
  }

  /**
   * Whether one of the readings is a client's. How long that takes tells nothing about any id or
   * secret: each reading is compared with each client, and whole digests with each other.
   */
  boolean include(List<Credentials> readings) {
    var found = false;
    for (var reading : readings) {
      var digest = reading.digest();
      for (var client : digests) {
        found |= MessageDigest.isEqual(client, digest);
      }
    }
    return found;
  }
}
