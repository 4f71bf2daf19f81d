package io.minilogin.api;

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
 * Limits on the calls of each app's backends, so that neither other apps nor logins suffer for
 * them: {@value WechatRelay#CALLS_OF_APP} are under way at most, {@value #WAITING} more wait; and a
 * circuit breaker, like those of the service's own calls.
 */
@Singleton
class ApiLimits {
  private static final int WAITING = 1024;

  private final Map<String, Limits> limits = new ConcurrentHashMap<>();
  private final WechatWatch watch;

  ApiLimits(WechatWatch watch) {
    this.watch = watch;
  }

  private record Limits(Guard guard, WechatWatch.Kind kind) {}

  /** Makes the call, now or when there is room. Fails with a problem when there is none. */
  Uni<ApiReply> limited(String appid, Supplier<Uni<ApiReply>> call) {
    var ofApp = limits.computeIfAbsent(appid, this::limits);
    return ofApp
        .guard()
        .get(() -> ofApp.kind().counted(call), new TypeLiteral<Uni<ApiReply>>() {})
        .onFailure(e -> e instanceof BulkheadException || e instanceof CircuitBreakerOpenException)
        .transform(e -> new ProblemException(watch.failed(appid, WechatRelay.CALLS, e).problem()));
  }

  private Limits limits(String appid) {
    var breaker = WechatRelay.CALLS + ":" + appid;
    var guard =
        Guard.create()
            .withBulkhead()
            .limit(WechatRelay.CALLS_OF_APP)
            .queueSize(WAITING)
            .done()
            .withCircuitBreaker()
            .name(breaker)
            .requestVolumeThreshold(40)
            .failureRatio(0.75)
            .delay(2, ChronoUnit.SECONDS)
            .when(ApiLimits::isFailureOfWechat)
            .done()
            .build();
    return new Limits(
        guard, watch.kind(WechatRelay.CALLS, appid, breaker, WechatRelay.CALLS_OF_APP));
  }

  private static boolean isFailureOfWechat(Throwable failure) {
    return failure instanceof ProblemException known
        && (known.problem().type() == ProblemType.WECHAT_FAILED
            || known.problem().type() == ProblemType.WECHAT_TIMEOUT);
  }
}
