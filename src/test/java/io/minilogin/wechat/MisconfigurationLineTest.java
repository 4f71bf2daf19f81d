package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.async.SettableClock;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MisconfigurationLineTest {
  private static final WechatApp SHOP = app("wx1111111111111111");
  private static final WechatApp GAME = app("wx2222222222222222");

  private final Logger logger = Logger.getLogger(WechatGateway.class.getName());
  private final List<LogRecord> lines = new CopyOnWriteArrayList<>();
  private final SettableClock clock = new SettableClock();
  private final WechatGateway gateway =
      new WechatGateway(
          new WechatCalls(
              new ScriptedApi(
                  (appid, secret, code) ->
                      Uni.createFrom()
                          .item(new Code2SessionReply(null, null, null, 40125, "rid: 64ae2697")))),
          clock);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line);
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
  void theOperatorLearnsWhichAppWechatRejectsAndWhy() {
    login(SHOP);
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).getLevel().intValue()).isGreaterThanOrEqualTo(Level.SEVERE.intValue());
    assertThat(text(lines.get(0)))
        .contains("wx1111111111111111")
        .contains("40125")
        .contains("64ae2697")
        .doesNotContain("s3cret");
  }

  @Test
  void onceAMinuteAndApp() {
    for (int second = 0; second < 120; second++) {
      login(SHOP);
      login(GAME);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(lines).extracting(MisconfigurationLineTest::text).hasSize(4);
    assertThat(lines).filteredOn(line -> text(line).contains(SHOP.appid())).hasSize(2);
  }

  private void login(WechatApp app) {
    gateway.exchange(app, "code").await().atMost(Duration.ofSeconds(10));
  }

  private static String text(LogRecord line) {
    return new PatternFormatter("%s").format(ExtLogRecord.wrap(line));
  }

  private static WechatApp app(String appid) {
    return new WechatApp(appid, new Secret("s3cret-of-16-chars"), Optional.empty());
  }
}
