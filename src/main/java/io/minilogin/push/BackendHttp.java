package io.minilogin.push;

import io.minilogin.connection.InterimReplies;
import io.minilogin.push.PushRoutes.Route;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Posts events to backends. Each event has its own connection: a backend that closes an idle
 * connection would otherwise fail the next event. Redirects are not followed. TLS uses the default
 * configuration, {@code quarkus.tls.*}.
 */
@Singleton
class BackendHttp {
  /** Size limit of a backend's answer, in bytes. */
  static final int LARGEST_ANSWER = 64 * 1024;

  private static final int CONNECT_TIMEOUT_MILLIS = 1000;
  private static final String SOURCE = "wx_push";

  private final HttpClient client;

  BackendHttp(Vertx vertx, TlsConfigurationRegistry tls) {
    var options =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setDecompressionSupported(true)
            .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setSslHandshakeTimeout(CONNECT_TIMEOUT_MILLIS);
    tls.getDefault().ifPresent(configured -> TlsConfigUtils.configure(options, configured));
    // RouteShares limits the connections.
    var pool = new PoolOptions().setHttp1MaxSize(RouteShares.MOST);
    client = vertx.createHttpClient(options, pool);
  }

  void renew(@Observes CertificateUpdatedEvent read) {
    if (read.name().equals(TlsConfig.DEFAULT_NAME)) {
      client.updateSSLOptions(read.tlsConfiguration().getSSLOptions());
    }
  }

  @PreDestroy
  void close() {
    client.close();
  }

  /**
   * Posts the event. Emits the body of a 2xx response. Every other response and an answer of over
   * {@value #LARGEST_ANSWER} bytes is a failure, as is one with an unknown compression. Cancelling
   * the subscription closes the connection.
   *
   * @param traceparent the header of this name
   */
  Uni<byte[]> post(Route route, PushEvent event, String traceparent) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var post = new Post();
              emitter.onTermination(post::end);
              client
                  .request(head(route, event, traceparent))
                  .compose(request -> post.send(request, event))
                  .onSuccess(emitter::complete)
                  .onFailure(emitter::fail);
            });
  }

  /** A post and its connection. A post that ended before it had a connection sends nothing. */
  private static final class Post {
    private @Nullable HttpClientRequest request;
    private boolean isOver;

    synchronized Future<byte[]> send(HttpClientRequest made, PushEvent event) {
      request = made;
      InterimReplies.drop(made);
      if (isOver) {
        end();
        return Future.failedFuture("the post has ended");
      }
      return made.send(Buffer.buffer(event.content())).compose(BackendHttp::answer);
    }

    synchronized void end() {
      isOver = true;
      if (request != null) {
        request.connection().close();
      }
    }
  }

  private static RequestOptions head(Route route, PushEvent event, String traceparent) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(route.address())
            .putHeader(HttpHeaders.USER_AGENT, "mini-login")
            // A backend that compresses nevertheless is tolerated.
            .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY)
            .putHeader(HttpHeaders.CONTENT_TYPE, event.message().format().mediaType())
            .putHeader("X-WX-OPENID", event.user().orElse(""))
            .putHeader("X-WX-APPID", event.appid())
            .putHeader("X-WX-SOURCE", SOURCE)
            .putHeader("traceparent", traceparent);
    route.authorization().ifPresent(basic -> options.putHeader(HttpHeaders.AUTHORIZATION, basic));
    return options;
  }

  private static Future<byte[]> answer(HttpClientResponse response) {
    if (response.statusCode() / 100 != 2) {
      return Future.failedFuture(new RefusedException(response.statusCode()));
    }
    if (isCompressed(response)) {
      return Future.failedFuture(new IOException("The answer cannot be decompressed"));
    }
    var body = Buffer.buffer();
    var whole = Promise.<byte[]>promise();
    response
        .handler(
            piece -> {
              body.appendBuffer(piece);
              if (body.length() > LARGEST_ANSWER) {
                response.handler(null);
                whole.tryFail(new IOException("The answer is too large"));
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(body.getBytes()));
    return whole.future();
  }

  /** Whether the body is still compressed, because the compression is unknown. */
  private static boolean isCompressed(HttpClientResponse response) {
    return response.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .anyMatch(coding -> !coding.strip().equalsIgnoreCase("identity"));
  }

  /** The backend answered with another status than 2xx. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    private RefusedException(int status) {
      super("The backend answered with status " + status, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
