package io.minilogin.relay;

import io.minilogin.app.WechatApps;
import io.minilogin.clients.Clients;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.settings.MachineDefaults;
import io.minilogin.wechat.CallLimits;
import io.minilogin.wechat.WechatRelay;
import io.minilogin.wechat.WechatTelemetry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * Limits the calls of each client for each app, so that they do not affect other clients, other
 * apps or logins. At most {@value #CALLS} calls are concurrent, or {@value #CALLS_ALONE} if the app
 * has only one client, or fewer if open files and memory do not suffice. Another {@value #WAITING}
 * calls wait in a queue.
 */
@Singleton
class ApiLimits {
  private static final int CALLS = 64;
  private static final int CALLS_ALONE = 128;
  private static final int WAITING = 512;

  private static final Logger LOG = Logger.getLogger(ApiLimits.class);

  private final Map<Key, CallLimits.Limit> limits = new ConcurrentHashMap<>();
  private final CallLimits all;
  private final WechatTelemetry telemetry;
  private final Clients clients;
  private final WechatApps apps;

  ApiLimits(CallLimits all, WechatTelemetry telemetry, Clients clients, WechatApps apps) {
    this.all = all;
    this.telemetry = telemetry;
    this.apps = apps;
    this.clients = clients;
  }

  private record Key(String appid, String client) {}

  /**
   * Makes the call, now or when a running call ends. Fails with a problem if the queue is full or
   * the circuit breaker is open.
   */
  Uni<ApiReply> limited(ApiCaller caller, Supplier<Uni<ApiReply>> call) {
    var appid = caller.app().appid();
    return limits
        .computeIfAbsent(new Key(appid, caller.client().id()), this::limit)
        .apply(call)
        .onFailure(e -> e instanceof BulkheadException || e instanceof CircuitBreakerOpenException)
        .transform(
            e -> new ProblemException(telemetry.failed(appid, WechatRelay.CALLS, e).problem()));
  }

  /** Creates the limit at the first call. Later changes of the clients do not affect it. */
  private CallLimits.Limit limit(Key key) {
    var most = most(clients.backendsOf(key.appid), clientsOfAllApps());
    return all.ofBackend(key.appid, key.client, most, WAITING, ApiLimits::isFailureOfWechat);
  }

  /**
   * Returns the limit on concurrent calls of a client for an app. It is lower if open files and
   * memory do not suffice for all clients at their limits.
   *
   * @param ofApp number of clients that may call for the app
   * @param ofAll sum of this number over all apps
   */
  static int most(int ofApp, int ofAll) {
    var wanted = ofApp > 1 ? CALLS : CALLS_ALONE;
    return Math.max(1, Math.min(wanted, MachineDefaults.possibleCalls() / Math.max(1, ofAll)));
  }

  private int clientsOfAllApps() {
    return apps.all().stream().mapToInt(app -> clients.backendsOf(app.appid())).sum();
  }

  void started(@Observes StartupEvent start) {
    var all = clientsOfAllApps();
    var most = most(all, all);
    if (all > 0 && most < CALLS) {
      LOG.infof(
          "Each client may have %d concurrent calls of an app instead of %d: open files and direct"
              + " memory suffice for %d calls of all clients",
          most, CALLS, MachineDefaults.possibleCalls());
    }
  }

  private static boolean isFailureOfWechat(Throwable failure) {
    var type = ProblemException.typeOf(failure);
    return !(failure instanceof ApiReply.TooLargeException)
        && (type == ProblemType.WECHAT_FAILED || type == ProblemType.WECHAT_TIMEOUT);
  }
}
