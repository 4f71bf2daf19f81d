package io.minilogin.redis;

import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.impl.types.ErrorType;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Creates Redis clients with the {@link RedisSettings}. */
@Singleton
class RedisClients {
  private static final Logger LOG = Logger.getLogger(RedisClients.class);
  private static final Pattern UNKNOWN_COMMAND =
      Pattern.compile("hello|command|support", Pattern.CASE_INSENSITIVE);

  private final RedisSettings settings;
  private final TlsConfigurationRegistry tls;
  private final Optional<String> tlsName;
  private final AtomicInteger clients = new AtomicInteger();

  /** Whether clients do not begin with HELLO, which some proxies do not know. */
  private volatile boolean skipsHello;

  RedisClients(
      RedisSettings settings,
      TlsConfigurationRegistry tls,
      @ConfigProperty(name = "quarkus.redis.tls-configuration-name") Optional<String> tlsName) {
    this.settings = settings;
    this.tls = tls;
    this.tlsName = tlsName;
  }

  boolean isCluster() {
    return settings.options().getType() == RedisClientType.CLUSTER;
  }

  /**
   * Turns HELLO off for new clients if a connection failed because Redis does not know the command.
   * The client itself does so only for error messages that it knows.
   *
   * @return whether this was the failure and new clients can connect
   */
  boolean skipsHandshakeAfter(Throwable failure) {
    var skips =
        settings.options().isProtocolNegotiation()
            && failure instanceof ErrorType reply
            && RedisFailure.of(reply) == RedisFailure.OTHER
            && UNKNOWN_COMMAND.matcher(String.valueOf(reply.getMessage())).find();
    if (skips && !skipsHello) {
      skipsHello = true;
      LOG.info("Redis does not support HELLO: the service connects without it");
    }
    return skips;
  }

  /**
   * Creates a client without connections. Its connections belong to the event loop of the caller.
   * Each client tries another address first, because the previous client may have been given up
   * when the first address hung. Each client uses the current certificates.
   */
  Redis newClient(Vertx vertx) {
    var options = settings.options();
    var secured = new RedisOptions(options);
    secured.setProtocolNegotiation(options.isProtocolNegotiation() && !skipsHello);
    secure(secured.getNetClientOptions());
    var addresses = new ArrayList<>(options.getEndpoints());
    Collections.rotate(addresses, -(clients.getAndIncrement() % addresses.size()));
    if (options.getType() == RedisClientType.REPLICATION) {
      secured.setType(RedisClientType.STANDALONE);
      return new MasterOfReplicas(
          addresses.stream().map(one -> newClient(vertx, secured, List.of(one))).toList());
    }
    return newClient(vertx, secured, addresses);
  }

  private static Redis newClient(Vertx vertx, RedisOptions options, List<String> addresses) {
    return Redis.createClient(vertx, new RedisOptions(options).setEndpoints(addresses));
  }

  /**
   * Applies the default TLS configuration unless Redis has a more specific one, and turns on the
   * verification of host names unless it is disabled. Quarkus does neither for Redis.
   */
  private void secure(NetClientOptions net) {
    if (!net.isSsl()) {
      return;
    }
    if (tlsName.isPresent() || !hasItsOwn(net)) {
      tls.get(tlsName.orElse(TlsConfig.DEFAULT_NAME))
          .ifPresent(configured -> TlsConfigUtils.configure(net, configured));
    }
    var algorithm = net.getHostnameVerificationAlgorithm();
    if (algorithm == null) {
      net.setHostnameVerificationAlgorithm("HTTPS");
    } else if (algorithm.equals("NONE")) {
      net.setHostnameVerificationAlgorithm("");
    }
  }

  private static boolean hasItsOwn(NetClientOptions net) {
    return net.getTrustOptions() != null || net.getKeyCertOptions() != null || net.isTrustAll();
  }
}
