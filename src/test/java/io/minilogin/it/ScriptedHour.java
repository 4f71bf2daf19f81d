package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Surroundings.APP;
import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An hour with one failure after the other, with the metrics of a real service: the requests and
 * the scrape of one moment stand for one minute.
 */
public final class ScriptedHour implements AutoCloseable {
  private static final int MINUTES = 60;
  private static final int WARM_UP = 10;
  private static final String UNKNOWN = "mlt_" + "A".repeat(43);
  private static final Map<String, String> USABLE =
      Map.of("wechat.secret", APP.secret(), "wechat.previous-secret", "5ec2e7-0f-last-year");
  private static final Map<String, String> UNUSABLE = Map.of("wechat.secret", "too-short");

  /** A failure and its minutes. */
  public enum Fault {
    REDIS_IS_AWAY(6, 13),
    WECHAT_HANGS_UP(18, 25),
    WRONG_APP_SECRET(30, 34),
    MADE_UP_CODES(38, 42),
    FOREIGN_VALUES_IN_REDIS(46, 50),
    UNUSABLE_SETTINGS(54, 58);

    private final int from;
    private final int until;

    Fault(int from, int until) {
      this.from = from;
      this.until = until;
    }

    public int from() {
      return from;
    }

    /** Returns the first minute after the failure. */
    public int until() {
      return until;
    }

    private boolean isIn(int minute) {
      return from <= minute && minute < until;
    }
  }

  private final Instant start =
      Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(1, ChronoUnit.HOURS);
  private final Surroundings surroundings = Surroundings.start();
  private final MountedSecret settings;
  private final ServiceProcess service;
  private final Client client;
  private final GatewayClient backend;
  private final StringBuilder scrapes = new StringBuilder();

  private ScriptedHour(Path directory) {
    settings = new MountedSecret(directory).update(USABLE);
    service =
        settings
            .mountedIn(GatewayClient.knownTo(surroundings.service()).without("WECHAT_SECRET"))
            .with("CLIENTS_0__MAY", "sign,/wxa/*")
            .with("WECHAT_PUSH_TOKEN", EventSender.TOKEN)
            .start();
    client = service.client();
    backend = new GatewayClient(client);
  }

  /**
   * All scrapes in the OpenMetrics format.
   *
   * @param start the start of the hour
   */
  public record Told(Instant start, String scrapes) {
    public Instant minute(int number) {
      return start.plus(Duration.ofMinutes(number));
    }
  }

  /** Plays the hour with an empty directory for the settings of the service. */
  public static Told play(Path directory) {
    try (var hour = new ScriptedHour(directory)) {
      // A service is slow at first, which is not one of the failures.
      for (int round = 0; round < WARM_UP; round++) {
        hour.traffic(List.of());
      }
      for (int minute = 0; minute < MINUTES; minute++) {
        hour.pass(minute);
      }
      return new Told(hour.start, hour.scrapes + "# EOF\n");
    }
  }

  private void pass(int minute) {
    for (var fault : Fault.values()) {
      if (fault.from() == minute) {
        begin(fault);
      } else if (fault.until() == minute) {
        end(fault);
      }
    }
    traffic(Arrays.stream(Fault.values()).filter(fault -> fault.isIn(minute)).toList());
    var time = start.plus(Duration.ofMinutes(minute)).getEpochSecond();
    scrapes.append(
        client
            .metrics()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(sample -> sample + " " + time + "\n")
            .collect(joining()));
  }

  private void begin(Fault fault) {
    if (fault == Fault.REDIS_IS_AWAY) {
      surroundings.redis().stop();
    } else if (fault == Fault.UNUSABLE_SETTINGS) {
      settings.update(UNUSABLE);
      awaitReload("0.0");
    }
  }

  private void end(Fault fault) {
    if (fault == Fault.REDIS_IS_AWAY) {
      surroundings.restartRedis();
    } else if (fault == Fault.UNUSABLE_SETTINGS) {
      settings.update(USABLE);
      awaitReload("1.0");
    }
    // The circuit breaker lets a call through from time to time.
    await().until(() -> client.login(code()).statusCode() == 200);
  }

  private void awaitReload(String success) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> client.metrics().contains("mini_login_config_last_reload_successful " + success));
  }

  /** Sends logins and checks in equal numbers, and some calls of a backend and of WeChat. */
  private void traffic(List<Fault> faults) {
    var words = words(faults);
    for (int i = 0; i < 20; i++) {
      var login = client.login(words.isEmpty() ? code() : code(words));
      var token = login.statusCode() == 200 ? login.<String>path("access_token") : UNKNOWN;
      client.verify(token);
      if (i == 0) {
        client.phoneNumber(token, code());
        client.verify(UNKNOWN);
        client.logout(token);
        backend.request().get("/wechat/wxa/getwxacode");
        backend.sign(APP.appid(), "o-stranger", "{\"data\":\"x\"}");
        var sender = EventSender.of(APP);
        sender.post(service, sender.push("test_event", code(), ""));
      } else if (i < 4 && faults.contains(Fault.FOREIGN_VALUES_IN_REDIS)) {
        try (var redis = new RedisConnection(surroundings.redis())) {
          redis.send("SET", RedisConnection.sessionKey(token), "garbage");
        }
        client.verify(token);
      }
    }
  }

  private static String words(List<Fault> faults) {
    if (faults.contains(Fault.WECHAT_HANGS_UP)) {
      return "close";
    }
    if (faults.contains(Fault.WRONG_APP_SECRET)) {
      return "errcode=40125";
    }
    return faults.contains(Fault.MADE_UP_CODES) ? "errcode=40029" : "";
  }

  @Override
  public void close() {
    service.close();
    surroundings.close();
  }
}
