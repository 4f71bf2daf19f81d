package io.minilogin.wechat;

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
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * The meaning of exceptions of calls to WeChat. The reasons why WeChat could not be reached are in
 * our own words: exception messages may quote the URL and thus a secret.
 */
final class WechatFailure {
  /** Ordered: the first class found among the causes of a failure gives the reason. */
  private static final List<Entry<Class<? extends Throwable>, String>> UNREACHABLE =
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

  private WechatFailure() {}

  /** Returns the reason why WeChat did not answer a call. */
  static Refusal refusal(Throwable failure) {
    if (failure instanceof BulkheadException) {
      return Refusal.TOO_MANY_CALLS;
    }
    if (failure instanceof CircuitBreakerOpenException) {
      return Refusal.CIRCUIT_OPEN;
    }
    if (unreachable(failure).isPresent()) {
      return Refusal.UNREACHABLE;
    }
    return isBehind(failure, TimeoutException.class) ? Refusal.TIMEOUT : Refusal.FAILED;
  }

  /** Returns why the connection failed, so that nothing can have been sent. Empty otherwise. */
  static Optional<String> unreachable(Throwable failure) {
    return UNREACHABLE.stream()
        .filter(reason -> isBehind(failure, reason.getKey()))
        .map(Entry::getValue)
        .findFirst();
  }

  /**
   * Whether the connection was refused. Also true for Netty's connect timeout, which extends
   * ConnectException: nothing was sent either.
   */
  static boolean isRefusedConnection(Throwable failure) {
    return isBehind(failure, ConnectException.class);
  }

  /** Whether an exception of this type is among the causes: the REST client wraps most failures. */
  private static boolean isBehind(Throwable failure, Class<? extends Throwable> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(type::isInstance);
  }
}
