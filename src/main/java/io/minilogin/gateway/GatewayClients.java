package io.minilogin.gateway;

import io.minilogin.operation.RequiredSetting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.HashSet;

/** Refuses a start with clients that are incomplete or configured twice, naming the property. */
@Startup
@Singleton
class GatewayClients {

  GatewayClients(GatewaySettings settings) {
    var ids = new HashSet<String>();
    for (int i = 0; i < settings.clients().size(); i++) {
      var prefix = "gateway.clients[%d].".formatted(i);
      var client = settings.clients().get(i);
      RequiredSetting.of(prefix + "secret", client.secret());
      if (!ids.add(RequiredSetting.of(prefix + "id", client.id()))) {
        throw new ConfigurationException(prefix + "id names a client that is configured twice");
      }
    }
  }
}
