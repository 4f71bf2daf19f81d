package io.minilogin.relay;

import io.minilogin.accesstoken.AccessTokens;
import io.minilogin.app.Secret;
import io.minilogin.async.EventLoop;
import io.minilogin.connection.UnreadBody;
import io.minilogin.settings.Setting;
import io.minilogin.signing.Signer;
import io.minilogin.wechat.ApiExchange;
import io.minilogin.wechat.ApiRequest;
import io.minilogin.wechat.ApiRequest.Body;
import io.minilogin.wechat.ApiRequest.Kept;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatRelay;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a call to WeChat's API with the app's access token and with the signatures that the call
 * needs, and returns the reply. If WeChat rejects the token and the body is in memory, the call is
 * retried once with a new token. There are no other retries.
 */
@Startup
@Singleton
class ApiProxy {
  private final WechatRelay wechat;
  private final AccessTokens tokens;
  private final ApiLimits limits;
  private final KeptBodies memory;
  private final Signer signer;
  private final Duration timeout;

  ApiProxy(
      WechatRelay wechat,
      AccessTokens tokens,
      ApiLimits limits,
      KeptBodies memory,
      Signer signer,
      ApiSettings settings) {
    this.wechat = wechat;
    this.tokens = tokens;
    this.limits = limits;
    this.memory = memory;
    this.signer = signer;
    timeout =
        Setting.between(
            "wechat.api-timeout",
            settings.apiTimeout(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));
  }

  /** Forwards the call. Emits the reply when all of it has been sent to the caller. */
  Uni<ApiReply> passOn(HttpServerRequest request, ApiTarget target, ApiCaller caller) {
    var call = new Call(request, target, caller);
    return call.end
        .limits(call.body.read().flatMap(call::limited))
        .onTermination()
        .invoke(call::isOver);
  }

  private final class Call {
    private final HttpServerRequest request;
    private final ApiTarget target;
    private final ApiCaller caller;
    private final Optional<CallSigning> signing;
    private final CallerBody body;
    private final CallEnd end;
    private @Nullable ApiExchange exchange;

    Call(HttpServerRequest request, ApiTarget target, ApiCaller caller) {
      this.request = request;
      this.target = target;
      this.caller = caller;
      signing = CallSigning.of(caller, target);
      body =
          signing.isPresent()
              ? CallerBody.toSign(request, memory)
              : new CallerBody(request, memory);
      end = new CallEnd(request, timeout, body::isAwaited);
    }

    /**
     * Makes the call within the limits, on the caller's event loop. The bulkhead starts a queued
     * call on the thread of the call that ended.
     */
    Uni<ApiReply> limited(Body read) {
      var context = EventLoop.context();
      return limits
          .limited(
              caller,
              () ->
                  end.limits(query(read).flatMap(query -> forward(read, query)))
                      .runSubscriptionOn(context))
          .emitOn(context);
    }

    /** Returns the query to send, with the signatures of the body. */
    private Uni<String> query(Body read) {
      return signing
          .map(adding -> adding.query(signer, ((Kept) read).bytes().getBytes()))
          .orElseGet(() -> Uni.createFrom().item(target.query()));
    }

    private Uni<ApiReply> forward(Body read, String query) {
      var headers = MultiMap.caseInsensitiveMultiMap();
      RelayedHeaders.copy(request.headers(), headers, value -> true);
      var path = target.path().orElseThrow().text();
      var call = new ApiRequest(request.method(), path, query, headers, read);
      return tokens
          .useForBackend(
              caller.app(),
              path,
              isRepeatable(read),
              token -> send(call, token),
              reply -> reply.isRefused(Refusal.TOKEN_REJECTED))
          // WeChat may answer before it has read the whole body.
          .invoke(() -> UnreadBody.dismiss(request))
          .call(reply -> new ReplyWriter(reply, request.response()).write())
          .onTermination()
          .invoke(this::endExchange);
    }

    /** Whether the body is in memory and small. A chunked body is in memory up to any size. */
    private static boolean isRepeatable(Body read) {
      return read instanceof Kept kept && kept.bytes().length() <= CallerBody.LARGEST_KEPT;
    }

    private Uni<ApiReply> send(ApiRequest call, Secret token) {
      endExchange();
      return wechat
          .send(caller.app(), call, token)
          .invoke(begun -> exchange = begun)
          .flatMap(begun -> ApiReply.read(begun, token, call.path()));
    }

    private void endExchange() {
      if (exchange != null) {
        exchange.end();
      }
    }

    void isOver() {
      end.isOver();
      body.release();
    }
  }
}
