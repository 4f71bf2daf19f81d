package io.minilogin.redis;

import io.minilogin.settings.Setting;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisReplicas;
import io.vertx.redis.client.RedisRole;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keeps the {@code quarkus.redis} settings as Quarkus has read them for a client. Refuses settings
 * that would not work or would log users out.
 */
@Singleton
class RedisSettings implements RedisOptionsCustomizer {
  private static final Pattern DATABASE = Pattern.compile("(/\\d*)?");
  private static final Pattern OTHER_DATABASE = Pattern.compile("/0*[1-9]\\d*");
  private static final String TLS = "rediss";

  private volatile RedisOptions options;

  @Override
  public void customize(String clientName, RedisOptions options) {
    var addresses = options.getEndpoints().stream().map(URI::create).toList();
    requireUsable(addresses);
    requireUsable(options, addresses);
    this.options = options;
  }

  /** Refuses addresses for which the client would throw an arbitrary exception. */
  private static void requireUsable(List<URI> addresses) {
    addresses.forEach(address -> Setting.requireHost("quarkus.redis.hosts", address));
    Setting.require(
        addresses.stream().allMatch(RedisSettings::isUsable),
        "quarkus.redis.hosts has an invalid address: use redis://host:port, rediss:// or unix://");
    Setting.require(
        addresses.stream().map(URI::getScheme).map(TLS::equals).distinct().count() == 1,
        "quarkus.redis.hosts mixes addresses with TLS (rediss://) and without");
  }

  /** Refuses settings that the client would accept but not follow. */
  private static void requireUsable(RedisOptions options, List<URI> addresses) {
    var hasTls = addresses.get(0).getScheme().equals(TLS);
    Setting.require(
        hasTls || !options.getNetClientOptions().isSsl(),
        "quarkus.redis.tls.enabled requires rediss:// addresses in quarkus.redis.hosts");
    Setting.require(
        options.getType() != RedisClientType.CLUSTER
            || addresses.stream()
                .noneMatch(each -> OTHER_DATABASE.matcher(each.getPath()).matches()),
        "quarkus.redis.hosts selects a database, but a cluster has only database 0");
    // A session that has not reached the replica yet would be unknown.
    Setting.require(
        options.getUseReplicas() == RedisReplicas.NEVER,
        "quarkus.redis.replicas must be never: sessions are read from the master");
    Setting.require(
        options.getRole() == RedisRole.MASTER,
        "quarkus.redis.role must be master: sessions are read from the master");
  }

  private static boolean isUsable(URI address) {
    return switch (String.valueOf(address.getScheme())) {
      case "redis", TLS ->
          address.getHost() != null
              && address.getPort() <= Setting.LARGEST_PORT
              && DATABASE.matcher(address.getPath()).matches();
      case "unix" -> address.getPath() != null;
      default -> false;
    };
  }

  /** Returns the settings, which are read before the first client is created. */
  RedisOptions options() {
    return options;
  }
}
