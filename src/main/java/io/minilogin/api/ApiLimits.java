package io.minilogin.api;

import io.minilogin.app.WechatApp;
import io.minilogin.check.Client;
import io.minilogin.check.Clients;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.WechatRelay;
import io.minilogin.wechat.WechatWatch;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Singleton;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Limits on the calls of each client for each app, so that neither other clients, other apps nor
 * logins suffer for them: {@value #CALLS} are under way at most, or {@value #CALLS_ALONE} of a
 * client that is the only one for its app, and {@value #WAITING} times as many wait; and a circuit
 * breaker, like those of the service's own calls.
 */
@Singleton
class ApiLimits {
  private static final int CALLS = 64;
  private static final int CALLS_ALONE = 128;
  private static final int WAITING = 8;

  private final Map<Key, Limits> limits = new ConcurrentHashMap<>();
  private final WechatWatch watch;
  private final Clients clients;

  ApiLimits(WechatWatch watch, Clients clients) {
    this.watch = watch;
    this.clients = clients;
  }

  private record Key(String appid, String client) {
    String breaker() {
      return WechatRelay.CALLS + ":" + appid + ":" + client;
    }
  }

  private record Limits(Guard guard, WechatWatch.Kind kind) {}

  /** Makes the call, now or when there is room. Fails with a problem when there is none. */
  Uni<ApiReply> limited(WechatApp app, Client client, Supplier<Uni<ApiReply>> call) {
    var own = limits.computeIfAbsent(new Key(app.appid(), client.id()), this::limits);
    return own.guard()
        .get(() -> own.kind().counted(call), new TypeLiteral<Uni<ApiReply>>() {})
        .onFailure(e -> e instanceof BulkheadException || e instanceof CircuitBreakerOpenException)
        .transform(
            e -> new ProblemException(watch.failed(app.appid(), WechatRelay.CALLS, e).problem()));
  }

  /** As the clients are at the first call: they may change while the service runs. */
  private Limits limits(Key key) {
    var most = clients.backendsOf(key.appid) > 1 ? CALLS : CALLS_ALONE;
    var guard =
        Guard.create()
            .withBulkhead()
            .limit(most)
            .queueSize(WAITING * most)
            .done()
            .withCircuitBreaker()
            .name(key.breaker())
            .requestVolumeThreshold(40)
            .failureRatio(0.75)
            .delay(2, ChronoUnit.SECONDS)
            .when(ApiLimits::isFailureOfWechat)
            .done()
            .build();
    return new Limits(
        guard, watch.kind(WechatRelay.CALLS, key.appid, key.client, key.breaker(), most));
  }

  private static boolean isFailureOfWechat(Throwable failure) {
    return failure instanceof ProblemException known
        && !(failure instanceof ApiReply.TooLargeException)
        && (known.problem().type() == ProblemType.WECHAT_FAILED
            || known.problem().type() == ProblemType.WECHAT_TIMEOUT);
  }
}
