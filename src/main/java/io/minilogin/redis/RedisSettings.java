package io.minilogin.redis;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.regex.Pattern;

/** What is configured below {@code quarkus.redis}, as Quarkus has read it for a client. */
@Singleton
class RedisSettings implements RedisOptionsCustomizer {
  private static final int LARGEST_PORT = 65535;
  private static final Pattern DATABASE = Pattern.compile("(/\\d*)?");

  private volatile RedisOptions options;

  /** Refuses addresses over which the client would stumble with whatever exception. */
  @Override
  public void customize(String clientName, RedisOptions options) {
    if (options.getEndpoints().stream().anyMatch(address -> !isUsable(URI.create(address)))) {
      throw new ConfigurationException(
          "quarkus.redis.hosts has an address that is none: redis://host:port, rediss:// or unix://");
    }
    this.options = options;
  }

  private static boolean isUsable(URI address) {
    return switch (String.valueOf(address.getScheme())) {
      case "redis", "rediss" ->
          address.getHost() != null
              && address.getPort() <= LARGEST_PORT
              && DATABASE.matcher(address.getPath()).matches();
      case "unix" -> address.getPath() != null;
      default -> false;
    };
  }

  /** A client without connections; those it makes belong to the event loop of the caller. */
  Redis newClient(Vertx vertx) {
    return Redis.createClient(vertx, new RedisOptions(options));
  }

  boolean isCluster() {
    return options.getType() == RedisClientType.CLUSTER;
  }
}
