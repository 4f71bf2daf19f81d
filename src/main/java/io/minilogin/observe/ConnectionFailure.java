package io.minilogin.observe;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Describes why a server could not be reached, in the service's own words: exception messages may
 * quote the URL and thus a secret.
 */
public final class ConnectionFailure {
  /** Ordered: the first class found among the causes of a failure gives the reason. */
  private static final List<Entry<Class<? extends Throwable>, String>> REASONS =
      List.of(
          Map.entry(UnknownHostException.class, "its name cannot be resolved"),
          Map.entry(CertificateExpiredException.class, "its certificate has expired"),
          Map.entry(CertificateNotYetValidException.class, "its certificate is not valid yet"),
          Map.entry(CertPathBuilderException.class, "its certificate is not trusted"),
          Map.entry(CertPathValidatorException.class, "its certificate is not trusted"),
          Map.entry(CertificateException.class, "its certificate is for another host"),
          Map.entry(SSLException.class, "the TLS handshake failed"),
          Map.entry(ProxyConnectException.class, "the proxy does not connect"),
          Map.entry(ConnectTimeoutException.class, "the connection timed out"),
          Map.entry(NoRouteToHostException.class, "there is no route to it"),
          Map.entry(ConnectException.class, "the connection was refused"));

  private ConnectionFailure() {}

  /**
   * Returns the reason why no connection was made. Empty for any other failure, after which the
   * request may have been sent.
   */
  public static Optional<String> reason(Throwable failure) {
    return REASONS.stream()
        .filter(reason -> isCausedBy(failure, reason.getKey()))
        .map(Entry::getValue)
        .findFirst();
  }

  /**
   * Whether the failure or one of its causes is an exception of this type. HTTP clients wrap most
   * exceptions.
   */
  public static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(type::isInstance);
  }
}
