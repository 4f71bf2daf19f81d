package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.minilogin.dev.WechatSimulator.Call;
import io.minilogin.it.Client;
import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Started;
import io.minilogin.it.Surroundings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two instances behind a gateway under load, configured as on its page. The instances are restarted
 * in turn, as often as the system property {@code restarts} says, and no request fails. When an
 * instance is killed, only its requests in flight fail.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "127.0.0.2 and 127.0.0.3 are addresses of Linux")
@Tag("long")
@Tag("jar")
@Order(1)
class RestartsIT {
  private static final int RESTARTS = Integer.getInteger("restarts", 2);

  /** The number of requests that shows that traffic continues. */
  private static final int SAMPLE = 200;

  /** The time limit on a loaded machine. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The time that a gateway needs to notice closed connections. */
  private static final Duration NOTICE = Duration.ofMillis(100);

  /** The gateways whose pages show a configuration with several instances. */
  enum Gateway {
    HAPROXY {
      @Override
      List<String> command(Path program, Path directory, int port, Instances instances) {
        var recipe =
            Haproxy.recipe(port, instances.backendAddress())
                .with(
                    "    server mini-login mini-login:8080\n",
                    Recipe.of(Haproxy.PAGE, "haproxy-servers").text())
                .with("mini-login-1:8080 check port 9000", server(instances.client(0)))
                .with("mini-login-2:8080 check port 9000", server(instances.client(1)));
        return Haproxy.command(program, directory, port, recipe);
      }

      private static String server(Client instance) {
        var port = instance.management().getPort();
        return instance.traffic().getAuthority() + " check port " + port;
      }
    },
    NGINX {
      @Override
      List<String> command(Path program, Path directory, int port, Instances instances) {
        var recipe =
            Nginx.recipe(
                port,
                instances.backendAddress(),
                instances.client(0).traffic(),
                instances.client(1).traffic());
        return Nginx.command(program, directory, recipe);
      }
    };

    abstract List<String> command(Path program, Path directory, int port, Instances instances);
  }

  /**
   * Each instance has its own address, so that no other process takes its port while it is stopped.
   *
   * @param builders builders of the services with their assigned ports
   */
  private record Instances(
      Surroundings surroundings,
      List<ServiceProcess.Builder> builders,
      List<ServiceProcess> services,
      EchoBackend backend) {
    private static Instances start() {
      var surroundings = STARTED.add(Surroundings.start());
      var builders = List.of(at("127.0.0.2", surroundings), at("127.0.0.3", surroundings));
      var services = STARTED.addAll(builders.toArray(ServiceProcess.Builder[]::new));
      for (int i = 0; i < services.size(); i++) {
        var client = services.get(i).client();
        builders
            .get(i)
            .with("QUARKUS_HTTP_PORT", String.valueOf(client.traffic().getPort()))
            .with("QUARKUS_MANAGEMENT_PORT", String.valueOf(client.management().getPort()));
      }
      return new Instances(
          surroundings, builders, new ArrayList<>(services), STARTED.add(EchoBackend.start()));
    }

    private static ServiceProcess.Builder at(String address, Surroundings surroundings) {
      return surroundings
          .service()
          .with("QUARKUS_HTTP_HOST", address)
          .with("QUARKUS_MANAGEMENT_HOST", address)
          .with("QUARKUS_SHUTDOWN_DELAY", "3S");
    }

    private void startAgain(int instance) {
      services.set(instance, STARTED.add(builders.get(instance).start()));
    }

    private String backendAddress() {
      return backend.uri().getAuthority();
    }

    private Client client(int instance) {
      return services.get(instance).client();
    }
  }

  /** Closes the instances, which all tests share, after the class. */
  @RegisterExtension private static final Started STARTED = new Started();

  private static Instances instances;

  /** Closes the gateway of a test. */
  @RegisterExtension private final Started started = new Started();

  @BeforeAll
  static void startInstances() {
    instances = Instances.start();
  }

  @ParameterizedTest
  @EnumSource
  void restartFailsNoRequest(Gateway gateway, @TempDir Path directory) throws Exception {
    var traffic = traffic(gateway, directory);
    try (traffic) {
      for (int restart = 0; restart < RESTARTS; restart++) {
        awaitMore(traffic);
        var next = instances.services().get(restart % 2);
        assertThat(next.client().metrics()).contains("mini_login_logins_total{");
        next.terminate();
        next.awaitExit();
        instances.startAgain(restart % 2);
      }
      awaitMore(traffic);
    }
    print(gateway, RESTARTS + " restarts", traffic);
    assertThat(traffic.failures()).isEmpty();
    assertNoCodeWentTwice();
  }

  @ParameterizedTest
  @EnumSource
  void killedInstanceFailsOnlyItsRequestsInFlight(Gateway gateway, @TempDir Path directory)
      throws Exception {
    var traffic = traffic(gateway, directory);
    long noticed;
    try (traffic) {
      awaitMore(traffic);
      instances.services().get(0).kill();
      noticed = System.nanoTime() + NOTICE.toNanos();
      awaitMore(traffic);
      instances.startAgain(0);
      awaitMore(traffic);
    }
    print(gateway, "kill -9", traffic);
    assertThat(traffic.failures())
        .hasSizeLessThanOrEqualTo(Traffic.CLIENTS)
        .allMatch(failure -> failure.began() - noticed < 0)
        .noneMatch(failure -> failure.answer().contains(" 401 "));
    assertNoCodeWentTwice();
    var client = instances.services().get(0).client();
    assertThat(traffic.tokens()).allMatch(token -> client.session(token).statusCode() == 200);
  }

  @Test
  void nginxRetriesADroppedLoginAtTheOtherInstance(@TempDir Path directory) throws Exception {
    var program = Installed.program("nginx");
    var service = instances.client(0);
    var dropped = new AtomicInteger();
    var dropping = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    dropping.createContext(
        "/",
        exchange -> {
          dropped.incrementAndGet();
          exchange.close();
        });
    dropping.start();
    try {
      var other = URI.create("http://127.0.0.1:" + dropping.getAddress().getPort());
      var port =
          FreePort.forStartOf(
              free -> {
                var recipe = Nginx.recipe(free, other.getAuthority(), other, service.traffic());
                var command = Nginx.command(program, directory, recipe);
                started.add(GatewayProcess.start(directory, free, command));
                return free;
              });
      var gateway = URI.create("http://127.0.0.1:" + port);
      var client = new Client(gateway, service.management());
      for (int i = 0; i < 4; i++) {
        client.login(code()).then().statusCode(200);
      }
      assertThat(dropped).hasPositiveValue();
    } finally {
      dropping.stop(0);
    }
  }

  private Traffic traffic(Gateway gateway, Path directory) throws Exception {
    var program = Installed.program(gateway.name().toLowerCase(Locale.ROOT));
    var port =
        FreePort.forStartOf(
            free -> {
              var command = gateway.command(program, directory, free, instances);
              started.add(GatewayProcess.start(directory, free, command));
              return free;
            });
    return Traffic.through(URI.create("http://127.0.0.1:" + port));
  }

  private static void assertNoCodeWentTwice() {
    assertThat(instances.surroundings().wechat().calls())
        .extracting(Call::code)
        .doesNotHaveDuplicates();
  }

  private static void awaitMore(Traffic traffic) {
    var enough = traffic.requests() + SAMPLE;
    await().atMost(TIMEOUT).until(() -> traffic.requests() >= enough);
  }

  private static void print(Gateway gateway, String what, Traffic traffic) {
    System.out.printf(
        "%s, %s, %s: %d requests, %d failures%n",
        gateway,
        System.getProperty("artefact.kind"),
        what,
        traffic.requests(),
        traffic.failures().size());
  }
}
