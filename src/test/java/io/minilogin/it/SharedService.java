package io.minilogin.it;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The two services for tests that break nothing. They are passed to the constructors of the test
 * classes: one service with one app ({@link Shared}), and two instances with many apps ({@link
 * Instances}). Each starts with the first test that needs it and stops after the last test, because
 * JUnit closes the values in its root store.
 */
public final class SharedService implements ParameterResolver {
  private static final Map<Class<?>, Supplier<?>> STARTS =
      Map.of(Shared.class, Shared::start, Instances.class, Instances::start);

  /**
   * A service with one app, {@link Surroundings#APP}, and its payment keys. It knows the clients of
   * {@link BackendClient} and {@link GatewayClient}.
   */
  public record Shared(Surroundings surroundings, ServiceProcess service) implements AutoCloseable {
    static final String PAYMENT_KEY = "12345";
    static final String SANDBOX_KEY = "a-key-of-the-sandbox";

    public Client client() {
      return service.client();
    }

    GatewayClient gateway() {
      return new GatewayClient(client());
    }

    public WechatSimulator wechat() {
      return surroundings.wechat();
    }

    private static Shared start() {
      var surroundings = Surroundings.start();
      var service =
          BackendClient.knownTo(surroundings.service())
              .with("WECHAT_PAYMENT_KEY", PAYMENT_KEY)
              .with("WECHAT_PAYMENT_SANDBOX_KEY", SANDBOX_KEY)
              .with("WECHAT_PUSH_TOKEN", EventSender.TOKEN)
              .start();
      return new Shared(surroundings, service);
    }

    @Override
    public void close() {
      service.close();
      surroundings.close();
    }
  }

  /**
   * Two instances of a service on one Redis. Both know {@link Surroundings#ALL_APPS} and the
   * clients of {@link BackendClient} and {@link GatewayClient}.
   *
   * <p>The instances receive events of {@link Surroundings#APP}, encrypted, and of {@link
   * Surroundings#OTHER_APP}, unencrypted.
   *
   * @param backend takes the events {@code test_*}, {@code user_*}, {@code xpay_*} and {@code
   *     text}. The events {@code dead_*} go to a closed port, and {@code full_*} to a route of the
   *     backend for a test that uses up its share
   * @param two an instance that cancels calls to WeChat's API after {@link #API_TIMEOUT} and has
   *     another secret for the clients {@link BackendClient#RENEWED_ID} and {@link
   *     BackendClient#REPLACED_ID}
   */
  record Instances(
      Surroundings surroundings, EventBackend backend, ServiceProcess one, ServiceProcess two)
      implements AutoCloseable {
    static final Duration API_TIMEOUT = Duration.ofSeconds(3);

    private static final Iterator<App> UNUSED = Surroundings.SINGLE_USE_APPS.iterator();

    Client one(App app) {
      return one.client().of(app);
    }

    Client two(App app) {
      return two.client().of(app);
    }

    WechatSimulator wechat() {
      return surroundings.wechat();
    }

    /** Returns an app, and therefore an access token, that no other test uses. */
    static synchronized App unusedApp() {
      return UNUSED.next();
    }

    private static Instances start() {
      var surroundings = Surroundings.of(Surroundings.ALL_APPS);
      var backend = EventBackend.start();
      var services =
          ServiceProcess.startAll(
              instance(surroundings, backend),
              instance(surroundings, backend)
                  .with("CLIENTS_5__SECRET", BackendClient.NEW_SECRET)
                  .with("CLIENTS_5__PREVIOUS_SECRET", BackendClient.SECRET)
                  .with("CLIENTS_6__SECRET", BackendClient.NEW_SECRET)
                  .with("WECHAT_API_TIMEOUT", API_TIMEOUT.toSeconds() + "S"));
      return new Instances(surroundings, backend, services.get(0), services.get(1));
    }

    private static ServiceProcess.Builder instance(
        Surroundings surroundings, EventBackend backend) {
      return BackendClient.knownTo(surroundings.serviceOf(Surroundings.ALL_APPS))
          .with("WECHAT_APPS_0__PUSH_TOKEN", EventSender.TOKEN)
          .with("WECHAT_APPS_0__PUSH_AES_KEY", EventSender.AES_KEY)
          .with("WECHAT_APPS_1__PUSH_TOKEN", EventSender.TOKEN)
          .with("PUSH_ROUTES_0__EVENTS", "dead_*")
          .with("PUSH_ROUTES_0__URL", "http://user:pa55word@127.0.0.1:1/events")
          .with("PUSH_ROUTES_1__EVENTS", "full_*")
          .with("PUSH_ROUTES_1__URL", backend.uri().toString())
          .with("PUSH_ROUTES_2__EVENTS", "test_*, user_*, xpay_*, text")
          .with("PUSH_ROUTES_2__URL", backend.uri().toString().replace("//", "//user:pa55word@"));
    }

    @Override
    public void close() {
      one.close();
      two.close();
      backend.close();
      surroundings.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return STARTS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return context
        .getRoot()
        .getStore(Namespace.create(SharedService.class))
        .computeIfAbsent(type, key -> STARTS.get(key).get());
  }
}
