package io.minilogin.redis;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The kinds of Redis failures that metrics distinguish. */
enum RedisFailure {
  /** Redis does not reply. */
  TIMEOUT(List.of(TimeoutException.class)),
  /** The certificate of Redis or of this service is rejected. */
  TLS(List.of(SSLException.class)),
  /** No connection can be made, or a connection was lost. */
  NO_CONNECTION(
      List.of(SocketException.class, UnknownHostException.class, ClosedChannelException.class),
      RedisFailure.CLOSED),
  /** Too many commands wait for a connection. */
  TOO_BUSY(List.of(ConnectionPoolTooBusyException.class)),
  READ_ONLY(List.of(), "READONLY", "NOREPLICAS"),
  FULL(List.of(), "OOM", "MISCONF"),
  NOT_ALLOWED(List.of(), "NOAUTH", "WRONGPASS", "NOPERM"),
  NOT_READY(List.of(), "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"),
  /** Any other failure, such as another error reply. */
  OTHER(List.of());

  private static final String CLOSED = "CONNECTION_CLOSED";

  private final List<Class<? extends Exception>> causes;
  private final List<String> errors;

  RedisFailure(List<Class<? extends Exception>> causes, String... errors) {
    this.causes = causes;
    this.errors = List.of(errors);
  }

  static RedisFailure of(Throwable failure) {
    return Arrays.stream(values()).filter(kind -> kind.fits(failure)).findFirst().orElse(OTHER);
  }

  /**
   * Returns whether the connection ended. The client marks this case with the type of an error
   * reply.
   */
  static boolean isClosedConnection(Throwable failure) {
    return (failure instanceof ErrorType mark && mark.is(CLOSED))
        || failure instanceof ClosedChannelException
        || (failure instanceof SocketException && !(failure instanceof ConnectException));
  }

  /** Returns the name of the kind in metrics. */
  String metricName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private boolean fits(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(
            cause ->
                causes.stream().anyMatch(type -> type.isInstance(cause))
                    || (cause instanceof ErrorType reply && errors.stream().anyMatch(reply::is)));
  }
}
