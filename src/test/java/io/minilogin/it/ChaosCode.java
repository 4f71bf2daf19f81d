package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;

import io.minilogin.dev.WechatSimulator;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A code that several callers post, and the answers that each of them may get. */
final class ChaosCode {
  /** The default of {@code login.replay-window}. */
  static final Duration REPLAY_WINDOW = Duration.ofSeconds(10);

  /**
   * Answers that any post may get: the first two mean an unknown outcome, the third means that the
   * code was not sent.
   */
  private static final Set<String> UNKNOWN = Set.of("503 store-unavailable", "504 wechat-timeout");

  private static final String UNSENT = "503 wechat-busy";
  private static final String SPENT = "400 code-used";

  private final String user = Codes.newUser();
  private final String text;
  private final String usual;
  private final Stopwatch sinceFirstPost = Stopwatch.start();
  private String answer = "";
  private ChaosSession session;

  /**
   * @param word a word for the simulated WeChat
   * @param usual the answer to posts while nothing else fails
   */
  ChaosCode(String word, String usual) {
    text = Codes.codeOf(user, word);
    this.usual = usual;
  }

  String text() {
    return text;
  }

  /** Returns the session if this is the first answer that contains it. */
  synchronized Optional<ChaosSession> answered(
      HttpResponse<String> response, WechatSimulator wechat, ChaosJournal journal) {
    var kind = Crowd.kind(response);
    if (UNKNOWN.contains(kind) || isSpent(kind)) {
      return Optional.empty();
    }
    if (!kind.equals(usual) && !kind.equals(UNSENT)) {
      journal.broken(text + " got " + kind);
    }
    var isFirst = answer.isEmpty();
    var now = kind.equals("200") ? json(response, "access_token") : kind;
    if (!isFirst && !answer.equals(now)) {
      journal.broken(text + " got two different answers, now " + kind);
    }
    answer = now;
    if (!isFirst || !kind.equals("200")) {
      return Optional.empty();
    }
    var openid = json(response, "openid");
    if (!openid.equals(wechat.openidOf(APP.appid(), user))) {
      journal.broken(text + " got somebody else's openid");
    }
    session = new ChaosSession(now, openid);
    return Optional.of(session);
  }

  private static String json(HttpResponse<String> response, String property) {
    return JsonPath.from(response.body()).getString(property);
  }

  private boolean isSpent(String kind) {
    var mayBe =
        sinceFirstPost.elapsed().compareTo(REPLAY_WINDOW) > 0
            || (session != null && session.isLeaving());
    return kind.equals(SPENT) && mayBe;
  }
}
