package io.minilogin.it;

import io.minilogin.dev.WechatSimulator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One service for all the tests that break nothing, given to the constructors of their classes as
 * {@link Shared}. It starts with the first of them and stops after the last, since JUnit closes
 * what lies in its root store.
 */
public final class SharedService implements ParameterResolver {

  /** The service and what is around it. */
  public record Shared(Surroundings surroundings, ServiceProcess service) implements AutoCloseable {
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
      var service = GatewayClient.knownTo(surroundings.service()).start();
      return new Shared(surroundings, service);
    }

    @Override
    public void close() {
      service.close();
      surroundings.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Shared.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedService.class))
        .computeIfAbsent(Shared.class, key -> Shared.start(), Shared.class);
  }
}
