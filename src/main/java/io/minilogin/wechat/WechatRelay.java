package io.minilogin.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectReader;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.ProblemException;
import io.minilogin.settings.MachineDefaults;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.quarkus.proxy.ProxyConfiguration;
import io.quarkus.proxy.ProxyConfigurationRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sends calls of WeChat's API on behalf of backends, with any method and path. Bodies are streamed
 * and unchanged in both directions. The REST client, which makes the service's own calls, would
 * encode the query again and hold whole bodies in memory. The relay uses the settings of the REST
 * client: address, TLS, proxy, connection TTL.
 *
 * <p>No exception of the HTTP client leaves this class, because it quotes the URL with the access
 * token. A call is sent at most once.
 */
@Startup
@Singleton
public class WechatRelay {
  /** Size limit of a reply, in bytes. */
  public static final int LARGEST_REPLY = 64 * 1024 * 1024;

  /** The name of these calls in metrics and the log. */
  public static final String CALLS = "api";

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private static final ObjectReader REPLY = LenientJson.mapper().readerFor(CheckSessionReply.class);

  private final HttpClient client;
  private final URI base;
  private final int ttl;
  private final String tlsName;
  private final WechatTelemetry watch;

  WechatRelay(
      Vertx vertx,
      WechatTelemetry watch,
      TlsConfigurationRegistry tls,
      ProxyConfigurationRegistry proxies,
      @ConfigProperty(name = "quarkus.rest-client.wechat.url") URI base,
      @ConfigProperty(name = "quarkus.rest-client.wechat.connect-timeout") int connectTimeout,
      @ConfigProperty(name = "quarkus.rest-client.wechat.connection-ttl") int ttl,
      @ConfigProperty(name = "quarkus.rest-client.wechat.tls-configuration-name")
          Optional<String> tlsName,
      @ConfigProperty(name = "quarkus.rest-client.wechat.proxy-configuration-name")
          Optional<String> proxyName) {
    this.base = base;
    this.watch = watch;
    this.ttl = (int) TimeUnit.MILLISECONDS.toSeconds(ttl);
    this.tlsName = tlsName.orElse(TlsConfig.DEFAULT_NAME);
    var options =
        new HttpClientOptions()
            .setConnectTimeout(connectTimeout)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setSslHandshakeTimeout(connectTimeout)
            .setKeepAliveTimeout(this.ttl);
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

  /**
   * Sends the call with this access token. Emits the exchange when the head of WeChat's reply
   * arrives. Fails only with a {@link ProblemException}. Cancelling the subscription before that
   * ends the exchange; afterwards the subscriber must end it.
   */
  public Uni<ApiExchange> send(WechatApp app, ApiRequest call, Secret accessToken) {
    return watch.traced(
        app.appid(), CALLS, answered(app, call, accessToken), exchange -> Outcomes.SUCCESS);
  }

  private Uni<ApiExchange> answered(WechatApp app, ApiRequest call, Secret accessToken) {
    return Uni.createFrom()
        .<ApiExchange>emitter(
            emitter -> {
              var exchange = new ApiExchange();
              emitter.onTermination(exchange::endUnanswered);
              client
                  .request(options(call, accessToken))
                  .compose(
                      request -> {
                        WechatConnection.install(request, LARGEST_REPLY, ttl);
                        return exchange.send(request, call);
                      })
                  .onSuccess(
                      reply -> {
                        // After the end of the exchange there may be no other handler for a
                        // failure.
                        exchange.isAnswered(reply.pause().exceptionHandler(e -> {}));
                        emitter.complete(exchange);
                      })
                  .onFailure(emitter::fail);
            })
        .onFailure()
        .transform(e -> new ProblemException(watch.failed(app.appid(), CALLS, e).problem()));
  }

  /** Returns the error in the body of a reply, if the body is an error. */
  public static <T> Optional<Refused<T>> errorIn(byte[] body) {
    try {
      return Optional.ofNullable(REPLY.<CheckSessionReply>readValue(body))
          .filter(CheckSessionReply::isError)
          .map(CheckSessionReply::refused);
    } catch (IOException e) {
      // Errors of the API are JSON.
      return Optional.empty();
    }
  }

  private RequestOptions options(ApiRequest call, Secret accessToken) {
    var isSecure = base.getScheme().equals("https");
    var port = base.getPort() > 0 ? base.getPort() : isSecure ? HTTPS_PORT : HTTP_PORT;
    var prefix = base.getRawPath().replaceAll("/+$", "");
    var token = "?access_token=" + URLEncoder.encode(accessToken.reveal(), UTF_8);
    var rest = call.query().isEmpty() ? "" : "&" + call.query();
    return new RequestOptions()
        .setMethod(call.method())
        .setHost(base.getHost())
        .setPort(port)
        .setSsl(isSecure)
        .setURI(prefix + call.path() + token + rest)
        .putHeader(HttpHeaders.USER_AGENT, "mini-login");
  }
}
