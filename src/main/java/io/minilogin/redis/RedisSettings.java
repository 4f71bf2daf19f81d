package io.minilogin.redis;

import io.minilogin.settings.Setting;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisReplicas;
import io.vertx.redis.client.RedisRole;
import io.vertx.redis.client.impl.types.ErrorType;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps the {@code quarkus.redis} settings as Quarkus has read them for a client. Refuses settings
 * that would not work or would log users out.
 */
@Singleton
class RedisSettings implements RedisOptionsCustomizer {
  private static final Logger LOG = Logger.getLogger(RedisSettings.class);
  private static final int LARGEST_PORT = 65535;
  private static final Pattern DATABASE = Pattern.compile("(/\\d*)?");
  private static final Pattern OTHER_DATABASE = Pattern.compile("/0*[1-9]\\d*");
  private static final Pattern UNKNOWN_COMMAND =
      Pattern.compile("hello|command|support", Pattern.CASE_INSENSITIVE);

  private static final String TLS = "rediss";

  /** Not available yet when Quarkus reads the settings. */
  private final Provider<TlsConfigurationRegistry> tls;

  private final Optional<String> tlsName;
  private final AtomicInteger clients = new AtomicInteger();

  private volatile RedisOptions options;

  /** Whether clients begin with HELLO, which some proxies do not know. */
  private volatile boolean saysHello;

  RedisSettings(
      Provider<TlsConfigurationRegistry> tls,
      @ConfigProperty(name = "quarkus.redis.tls-configuration-name") Optional<String> tlsName) {
    this.tls = tls;
    this.tlsName = tlsName;
  }

  @Override
  public void customize(String clientName, RedisOptions options) {
    var addresses = options.getEndpoints().stream().map(URI::create).toList();
    requireUsable(addresses);
    requireUsable(options, addresses);
    this.options = options;
    this.saysHello = options.isProtocolNegotiation();
  }

  /**
   * Turns HELLO off for new clients if a connection failed because Redis does not know the command.
   * The client itself does so only for error messages that it knows.
   *
   * @return whether this was the failure and new clients can connect
   */
  boolean skipsHandshakeAfter(Throwable failure) {
    var isUnknown =
        failure instanceof ErrorType reply
            && RedisFailure.of(reply) == RedisFailure.OTHER
            && UNKNOWN_COMMAND.matcher(String.valueOf(reply.getMessage())).find();
    if (isUnknown && saysHello) {
      saysHello = false;
      LOG.info("Redis does not know HELLO: the service connects without it");
    }
    return isUnknown && options.isProtocolNegotiation();
  }

  /** Refuses addresses for which the client would throw an arbitrary exception. */
  private static void requireUsable(List<URI> addresses) {
    addresses.forEach(address -> Setting.requireHost("quarkus.redis.hosts", address));
    require(
        addresses.stream().allMatch(RedisSettings::isUsable),
        "quarkus.redis.hosts has an address that is none: redis://host:port, rediss:// or unix://");
    require(
        addresses.stream().map(URI::getScheme).map(TLS::equals).distinct().count() == 1,
        "quarkus.redis.hosts has addresses with TLS (rediss://) and without");
  }

  /** Refuses settings that the client would accept but not follow. */
  private static void requireUsable(RedisOptions options, List<URI> addresses) {
    var hasTls = addresses.get(0).getScheme().equals(TLS);
    require(
        hasTls || !options.getNetClientOptions().isSsl(),
        "quarkus.redis.tls.enabled wants addresses of rediss:// in quarkus.redis.hosts");
    require(
        options.getType() != RedisClientType.CLUSTER
            || addresses.stream()
                .noneMatch(each -> OTHER_DATABASE.matcher(each.getPath()).matches()),
        "quarkus.redis.hosts has a database, and a cluster has none but 0");
    // A session that has not reached the replica yet would be unknown.
    require(
        options.getUseReplicas() == RedisReplicas.NEVER,
        "quarkus.redis.replicas must be never: sessions are read from the master");
    require(
        options.getRole() == RedisRole.MASTER,
        "quarkus.redis.role must be master: sessions are read from the master");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ConfigurationException(otherwise);
    }
  }

  private static boolean isUsable(URI address) {
    return switch (String.valueOf(address.getScheme())) {
      case "redis", TLS ->
          address.getHost() != null
              && address.getPort() <= LARGEST_PORT
              && DATABASE.matcher(address.getPath()).matches();
      case "unix" -> address.getPath() != null;
      default -> false;
    };
  }

  /**
   * Creates a client without connections. Its connections belong to the event loop of the caller.
   * Each client tries another address first, because the previous client may have been given up
   * when the first address hung. Each client uses the current certificates.
   */
  Redis newClient(Vertx vertx) {
    var secured = new RedisOptions(options);
    secured.setProtocolNegotiation(saysHello);
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
      tls.get()
          .get(tlsName.orElse(TlsConfig.DEFAULT_NAME))
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

  boolean isCluster() {
    return options.getType() == RedisClientType.CLUSTER;
  }
}
