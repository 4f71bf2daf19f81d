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

  private final Map<Long, Optional<WechatOutcome<WechatUser>>> byClaim =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Long, Optional<WechatOutcome<WechatUser>>> eldest) {
          return size() > MOST;
        }
      };

  synchronized void notSent(long claim) {
    byClaim.put(claim, Optional.empty());
  }

  synchronized void answered(long claim, WechatOutcome<WechatUser> answer) {
    byClaim.put(claim, Optional.of(answer));
  }

  synchronized void finished(long claim) {
    byClaim.remove(claim);
  }

  /**
   * Takes out what is known, so that nobody else acts on it, too. Outer empty: nothing is known.
   * Inner empty: the code was not sent.
   */
  synchronized Optional<Optional<WechatOutcome<WechatUser>>> take(long claim) {
    return Optional.ofNullable(byClaim.remove(claim));
  }
}
