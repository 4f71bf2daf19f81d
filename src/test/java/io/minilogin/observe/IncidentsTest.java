package io.minilogin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.async.SettableClock;
import io.minilogin.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logging.MDC;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentsTest {
  private final Logger logger = Logger.getLogger(Incidents.class.getName());
  private final List<ExtLogRecord> lines = new CopyOnWriteArrayList<>();
  private final SettableClock clock = new SettableClock();
  private final Incidents incidents = new Incidents(clock);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          var wrapped = ExtLogRecord.wrap(line);
          wrapped.copyMdc();
          lines.add(wrapped);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
  }

  @Test
  void logLineHasTheFields() {
    incidents.tell(
        "It is broken",
        Fields.of(ProblemType.APP_MISCONFIGURED)
            .and("app", "wx1")
            .and("errcode", OptionalInt.of(40125)),
        Fields.none().and("rid", Optional.of("64ae2697")));
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).getLevel().intValue()).isEqualTo(Level.WARNING.intValue());
    assertThat(lines.get(0).getMessage()).isEqualTo("It is broken");
    assertThat(lines.get(0).getMdcCopy())
        .containsEntry("problem", "app-misconfigured")
        .containsEntry("app", "wx1")
        .containsEntry("errcode", "40125")
        .containsEntry("rid", "64ae2697");
  }

  @Test
  void fieldsAreNotLeftInTheContext() {
    incidents.tell("It is broken", Fields.none().and("app", "wx1"));
    assertThat(MDC.get("app")).isNull();
  }

  @Test
  void unknownAppsAreLoggedOncePerMinute() {
    var unknown = new UnknownApps(incidents);
    for (int second = 0; second < 120; second++) {
      var appid = "wx" + second;
      assertThat(unknown.named(appid).detail()).contains("\"" + appid + "\"");
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(lines)
        .extracting(ExtLogRecord::getMdcCopy)
        .containsExactly(
            Map.of("problem", "unknown-app", "app", "wx0"),
            Map.of("problem", "unknown-app", "app", "wx60"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wx 1", "wx1\n{\"level\":\"ERROR\"}", "${jndi:x}", "微信"})
  void malformedAppidIsNotRepeated(String appid) {
    var problem = new UnknownApps(incidents).named(appid);
    assertThat(problem.detail()).isEqualTo("This appid is not configured.");
    assertThat(lines)
        .singleElement()
        .extracting(ExtLogRecord::getMdcCopy)
        .isEqualTo(Map.of("problem", "unknown-app"));
  }

  @Test
  void incidentsOfAKindAreLoggedOncePerMinute() {
    for (int second = 0; second < 120; second++) {
      for (var app : List.of("wx1", "wx2")) {
        incidents.tell(
            "It is broken",
            Fields.none().and("app", app),
            Fields.none().and("rid", String.valueOf(second)));
      }
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(lines).hasSize(4);
    assertThat(lines).filteredOn(line -> "wx1".equals(line.getMdcCopy().get("app"))).hasSize(2);
  }
}
