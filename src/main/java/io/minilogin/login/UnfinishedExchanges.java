package io.minilogin.login;

import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatUser;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this instance knows of its own claims on codes for which no answer could be recorded: that
 * the code was certainly not sent, or what WeChat answered. Keeps the latest {@value #MOST}; to
 * forget one costs its user a new wx.login.
 */
@Singleton
class UnfinishedExchanges {
  private static final int MOST = 10_000;

  private final Map<String, Optional<WechatOutcome<WechatUser>>> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, Optional<WechatOutcome<WechatUser>>> eldest) {
          return size() > MOST;
        }
      };

  synchronized void notSent(Attempt attempt) {
    known.put(key(attempt), Optional.empty());
  }

  synchronized void answered(Attempt attempt, WechatOutcome<WechatUser> answer) {
    known.put(key(attempt), Optional.of(answer));
  }

  synchronized void finished(Attempt attempt) {
    known.remove(key(attempt));
  }

  /**
   * Takes out what is known, so that nobody else acts on it, too. Outer empty: nothing is known.
   * Inner empty: the code was not sent.
   */
  synchronized Optional<Optional<WechatOutcome<WechatUser>>> take(Attempt attempt) {
    return Optional.ofNullable(known.remove(key(attempt)));
  }

  /** A claim alone would not do: who writes to Redis may put it under another code. */
  private static String key(Attempt attempt) {
    return attempt.hash().text() + attempt.claim();
  }
}
