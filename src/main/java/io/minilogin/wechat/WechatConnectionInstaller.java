package io.minilogin.wechat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.eclipse.microprofile.rest.client.spi.RestClientListener;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jboss.resteasy.reactive.client.impl.VertxRequestCustomizingClientBuilder;

/**
 * Installs {@link WechatConnection} on the connections of the REST client, which finds this class
 * as a service.
 */
@RegisterForReflection
public final class WechatConnectionInstaller implements RestClientListener {
  /** Size limit of a reply in bytes. Real replies have a few hundred. */
  private static final int LARGEST_REPLY = 64 * 1024;

  /** The time before the deadline of a login at which its request is aborted on the wire. */
  private static final Duration BEFORE_DEADLINE = Duration.ofMillis(100);

  @Override
  public void onNewClient(Class<?> client, RestClientBuilder builder) {
    if (client == WechatApi.class) {
      var setting =
          builder.getConfiguration().getProperty(QuarkusRestClientProperties.CONNECTION_TTL);
      var maxIdleSeconds = setting instanceof Integer seconds ? seconds : Integer.MAX_VALUE;
      var login = loginTimeout().minus(BEFORE_DEADLINE).toMillis();
      ((VertxRequestCustomizingClientBuilder<?>) builder)
          .httpClientRequestCustomizer(
              request -> {
                // The client has one timeout for all calls:
                // quarkus.rest-client.wechat.read-timeout.
                if (request.path().endsWith(WechatApi.CODE2_SESSION)) {
                  request.idleTimeout(login);
                }
                WechatConnection.install(request, LARGEST_REPLY, maxIdleSeconds);
              });
    }
  }

  private static Duration loginTimeout() {
    return CDI.current().select(WechatCallSettings.class).get().loginTimeout();
  }
}
