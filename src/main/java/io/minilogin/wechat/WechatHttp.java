package io.minilogin.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.minilogin.settings.MachineDefaults;
import io.quarkus.proxy.ProxyConfiguration;
import io.quarkus.proxy.ProxyConfigurationRegistry;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The HTTP client for calls of backends. It has the settings of the REST client: address, TLS,
 * proxy, connection TTL. The REST client, which makes the service's own calls, would encode the
 * query again and hold whole bodies in memory.
 */
@Singleton
class WechatHttp {
  private final HttpClient client;
  private final String base;
  private final int ttl;
  private final String tlsName;

  WechatHttp(
      Vertx vertx,
      TlsConfigurationRegistry tls,
      ProxyConfigurationRegistry proxies,
      @ConfigProperty(name = "quarkus.rest-client.wechat.url") String base,
      @ConfigProperty(name = "quarkus.rest-client.wechat.connect-timeout") int connectTimeout,
      @ConfigProperty(name = "quarkus.rest-client.wechat.connection-ttl") int ttl,
      @ConfigProperty(name = "quarkus.rest-client.wechat.tls-configuration-name")
          Optional<String> tlsName,
      @ConfigProperty(name = "quarkus.rest-client.wechat.proxy-configuration-name")
          Optional<String> proxyName) {
    this.base = base.replaceAll("/+$", "");
    this.ttl = (int) TimeUnit.MILLISECONDS.toSeconds(ttl);
    this.tlsName = tlsName.orElse(TlsConfig.DEFAULT_NAME);
    var options =
        new HttpClientOptions()
            .setConnectTimeout(connectTimeout)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setSslHandshakeTimeout(connectTimeout)
            .setKeepAliveTimeout(this.ttl)
            .setDecompressionSupported(true);
    tls.get(this.tlsName).ifPresent(configured -> TlsConfigUtils.configure(options, configured));
    proxyName.flatMap(name -> proxies.get(Optional.of(name))).ifPresent(it -> use(it, options));
    var pool = new PoolOptions().setHttp1MaxSize(MachineDefaults.possibleCalls());
    client = vertx.createHttpClient(options, pool);
  }

  private static void use(ProxyConfiguration proxy, HttpClientOptions options) {
    var chosen =
        new ProxyOptions()
            .setType(ProxyType.valueOf(proxy.type().name()))
            .setHost(proxy.host())
            .setPort(proxy.port());
    proxy.username().ifPresent(chosen::setUsername);
    proxy.password().ifPresent(chosen::setPassword);
    options.setProxyOptions(chosen);
    proxy.nonProxyHosts().ifPresent(options::setNonProxyHosts);
  }

  void renew(@Observes CertificateUpdatedEvent read) {
    if (read.name().equals(tlsName)) {
      client.updateSSLOptions(read.tlsConfiguration().getSSLOptions());
    }
  }

  @PreDestroy
  void close() {
    client.close();
  }

  /** Connects to WeChat and creates the request of the call, with this access token. */
  Future<HttpClientRequest> request(ApiRequest call, Secret accessToken) {
    var token = "?access_token=" + URLEncoder.encode(accessToken.reveal(), UTF_8);
    var rest = call.query().isEmpty() ? "" : "&" + call.query();
    var options =
        new RequestOptions()
            .setMethod(call.method())
            .setAbsoluteURI(base + call.path() + token + rest)
            .putHeader(HttpHeaders.USER_AGENT, "mini-login")
            // A server that compresses nevertheless is tolerated: replies are decompressed.
            .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
    return client
        .request(options)
        .map(
            request -> {
              WechatConnection.install(request, WechatRelay.LARGEST_REPLY, ttl);
              return request;
            });
  }
}
