package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Secrets in files change at run time, on one instance after the other. */
@Tag("long")
@Execution(CONCURRENT)
@Order(1)
class SecretReloadIT {
  private static final String NEW = "07a7ed5ec2e70f07e00ea11ec2e70f07";
  private static final String NEWEST = "17a7ed5ec2e70f07e00ea11ec2e70f07";
  private static final Map<String, String> BEFORE = Map.of("wechat.secret", APP.secret());
  private static final Map<String, String> ROTATED =
      Map.of("wechat.secret", NEW, "wechat.previous-secret", APP.secret());
  private static final Duration NOTICED = Duration.ofSeconds(30);

  @RegisterExtension private final Started started = new Started();
  private final Surroundings surroundings = started.add(Surroundings.start());
  @TempDir private Path directory;

  @Test
  @Tag("jar")
  void rotationLogsNobodyOut() {
    var mounts = List.of(mounted("first"), mounted("second"));
    var services =
        started.addAll(
            mounts.get(0).mountedIn(rotating()),
            mounts.get(1).mountedIn(rotating()),
            service().with("WECHAT_SECRET", NEW));
    var instances = services.subList(0, 2);
    var users = new GatewayClient(services.get(1).client());
    var after = services.get(2).client();
    var user = newUser();
    var userSessions = new ArrayList<String>();
    var unused = instances.get(0).client().tokenFor(code());
    try (var traffic = new Traffic(instances)) {
      surroundings.wechat().resetSecret(APP.appid(), NEW);
      for (int i = 0; i < 2; i++) {
        mounts.get(i).update(ROTATED);
        awaitLine(instances.get(i), "has a new secret");
        // The instance with the new secret sends it to WeChat. The other instance opens the
        // session.
        userSessions.add(instances.get(i).client().tokenFor(codeOf(user)));
        instances.get(1 - i).client().session(userSessions.get(i)).then().statusCode(200);
      }
      instances.forEach(each -> awaitLine(each, "seals from now on"));
      traffic.awaitMore(50);
    }
    userSessions.add(instances.get(0).client().tokenFor(codeOf(user)));
    assertThat(
            users
                .sessions(APP.appid(), surroundings.wechat().openidOf(APP.appid(), user))
                .then()
                .statusCode(200)
                .extract()
                .<List<?>>path("sessions"))
        .hasSize(userSessions.size());

    // After its next use a session does not need the previous secret.
    for (var token : userSessions) {
      instances.get(0).client().session(token).then().statusCode(200);
      after.session(token).then().statusCode(200);
    }

    // An instance that starts later continues the rotation and does not begin a new one.
    try (var restarted =
        rotating()
            .with("WECHAT_SECRET", NEW)
            .with("WECHAT_PREVIOUS_SECRET", APP.secret())
            .start()) {
      after.session(restarted.client().tokenFor(code())).then().statusCode(200);
    }

    // A second rotation drops the first secret.
    try (var traffic = new Traffic(instances)) {
      surroundings.wechat().resetSecret(APP.appid(), NEWEST);
      for (int i = 0; i < 2; i++) {
        mounts.get(i).update(Map.of("wechat.secret", NEWEST, "wechat.previous-secret", NEW));
        awaitLine(instances.get(i), "is no longer configured");
        traffic.awaitMore(10);
      }
    }
    assertThat(instances.get(0).client().metrics())
        .contains("mini_login_secrets_dropped{app=\"" + APP.appid() + "\"} 1.0");
    instances.forEach(each -> each.client().session(unused).then().statusCode(200));
  }

  @Test
  void invalidFilesChangeNothing() {
    var mount = mounted("mount");
    var service = started.add(mount.mountedIn(service()).start());
    var client = service.client();
    assertThat(client.metrics()).contains("mini_login_config_last_reload_successful 1.0");

    mount.update(Map.of("wechat.secret", "5ec2e7-2-5h027"));
    awaitLine(
        service, "are invalid, so the settings stay unchanged: wechat.secret has fewer than 16");
    assertThat(service.lines()).filteredOn(line -> line.contains("\"ERROR\"")).hasSize(1);
    assertThat(service.lines()).noneMatch(line -> line.contains("5ec2e7-2-5h027"));
    assertThat(client.metrics()).contains("mini_login_config_last_reload_successful 0.0");
    client.ready().then().statusCode(200);
    client.tokenFor(code());

    mount.update(BEFORE);
    awaitLine(service, "are in effect");
    assertThat(client.metrics()).contains("mini_login_config_last_reload_successful 1.0");
    client.tokenFor(code());

    // Without the key the service would accept events that are not encrypted.
    mount.update(Map.of("wechat.secret", NEW, "wechat.push-aes-key", "5".repeat(64 * 1024 + 1)));
    awaitLine(service, "The file wechat.push-aes-key is not a text file of at most 64 KB");
    assertThat(client.metrics()).contains("mini_login_config_last_reload_successful 0.0");
    client.tokenFor(code());
  }

  @Test
  @Tag("jar")
  void clientSecretMayHaveTwoValuesDuringARotation() {
    var old = "5ec2e7-before-the-change";
    var next = "5ec2e7-after-the-change";
    var mount = new MountedSecret(directory).update(Map.of("CLIENTS_0__SECRET", old));
    var service =
        started.add(
            mount.mountedIn(surroundings.service().with("CLIENTS_0__ID", "back-office")).start());
    var token = service.client().tokenFor(code());
    assertThat(status(service, token, old)).isEqualTo(200);
    assertThat(status(service, token, next)).isEqualTo(401);

    mount.update(Map.of("CLIENTS_0__SECRET", next, "CLIENTS_0__PREVIOUS_SECRET", old));
    await().atMost(NOTICED).until(() -> status(service, token, next) == 200);
    assertThat(status(service, token, old)).isEqualTo(200);

    mount.update(Map.of("CLIENTS_0__SECRET", next));
    await().atMost(NOTICED).until(() -> status(service, token, old) == 401);
    assertThat(status(service, token, next)).isEqualTo(200);
  }

  private MountedSecret mounted(String name) {
    return new MountedSecret(directory.resolve(name)).update(BEFORE);
  }

  /** Builds a service without the secret of the app. */
  private ServiceProcess.Builder service() {
    return GatewayClient.knownTo(surroundings.service().without("WECHAT_SECRET"));
  }

  private ServiceProcess.Builder rotating() {
    return service().with("WECHAT_SEAL_DELAY", "12S");
  }

  private static void awaitLine(ServiceProcess service, String text) {
    await()
        .atMost(NOTICED)
        .until(() -> service.lines().stream().anyMatch(line -> line.contains(text)));
  }

  private static int status(ServiceProcess service, String token, String secret) {
    return service
        .client()
        .request()
        .header("Authorization", GatewayClient.basic("back-office", secret))
        .contentType("application/x-www-form-urlencoded")
        .body("token=" + token)
        .post("/introspect")
        .statusCode();
  }

  /**
   * Constantly logs in at one instance and checks all tokens at all instances. WeChat may refuse a
   * login before its instance has the new secret. A check must succeed.
   */
  private static final class Traffic implements AutoCloseable {
    private final List<ServiceProcess> instances;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicInteger checks = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<String> tokens = new ArrayList<>();
    private final CompletableFuture<Void> run;

    Traffic(List<ServiceProcess> instances) {
      this.instances = instances;
      run = CompletableFuture.runAsync(this::run);
      awaitMore(10);
    }

    void awaitMore(int number) {
      var enough = checks.get() + number;
      await().atMost(NOTICED).until(() -> run.isDone() || checks.get() >= enough);
    }

    private void run() {
      for (int i = 0; !isOver.get(); i++) {
        var login = instances.get(i % instances.size()).client().login(code());
        if (login.statusCode() == 200) {
          tokens.add(login.path("access_token"));
        } else if (login.statusCode() != 502) {
          failures.add(login.asString());
        }
        // Recent tokens and some of the first tokens.
        for (var token : tokens.subList(Math.max(0, tokens.size() - 5), tokens.size())) {
          instances.forEach(each -> check(each, token));
        }
        if (!tokens.isEmpty()) {
          check(instances.get(i % instances.size()), tokens.get(i % tokens.size()));
        }
      }
    }

    private void check(ServiceProcess service, String token) {
      checks.incrementAndGet();
      var answer = service.client().verify(token);
      if (answer.statusCode() != 200) {
        failures.add(answer.statusCode() + " " + answer.asString());
      }
    }

    @Override
    public void close() {
      isOver.set(true);
      run.join();
      System.out.printf(
          "%d checks and %d logins during a rotation, %d failures%n",
          checks.get(), tokens.size(), failures.size());
      assertThat(failures).isEmpty();
    }
  }
}
