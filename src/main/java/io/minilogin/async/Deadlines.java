package io.minilogin.async;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits of time. Everything that a client waits for ends within 5 s:
 *
 * <pre>
 *  POST /login             4.9 s  LOGIN, of which
 *                          1 s    REDIS_COMMAND, the claim on the code
 *                          3 s    the exchange: wechat.login-timeout, LONGEST_CODE2_SESSION at most
 *                          0.8 s  the rest until LOGIN_SAVED, to save the session and the answer
 *  /verify, GET /session   1 s    REDIS_COMMAND to find the session; to touch it 1 s more
 *  /session/…              1 s    REDIS_COMMAND to find the session
 *                          3.9 s  USER_CALL, of which
 *                          1 s    ACCESS_TOKEN_PATIENCE, to replace a token that is still valid
 *                          3 s    WECHAT_CALL
 *  POST /push              4.8 s  PUSH_ANSWERED, of which
 *                          4.5 s  PUSH_DELIVERED, for Redis and the backend
 *                          0.3 s  to store the backend's answer
 * </pre>
 *
 * <p>A backend's call of WeChat's API has its own limit: {@code wechat.api-timeout}, 15 s.
 *
 * <p>LOGIN and LOGIN_SAVED end a login however long its parts take. A longer exchange leaves less
 * time to save the session; a login that is not saved in time continues with the next attempt.
 *
 * <p>application.properties sets further limits: a connection to Redis or WeChat is made within 1
 * s, and a request to WeChat ends on the wire after 2.9 s, or for a login 0.1 s before its
 * deadline.
 */
public final class Deadlines {
  /** The time from a command to its reply, including connecting and retries. */
  public static final Duration REDIS_COMMAND = Duration.ofSeconds(1);

  /** The time from a call to its outcome, including connecting. */
  public static final Duration WECHAT_CALL = Duration.ofSeconds(3);

  /** The maximum of {@code wechat.login-timeout}, so that a login ends within 5 s. */
  public static final Duration LONGEST_CODE2_SESSION = Duration.ofSeconds(4);

  /** The time from the posted code to the response. */
  public static final Duration LOGIN = Duration.ofMillis(4900);

  /** The time from the posted code to the saved answer. The rest is for reporting a failure. */
  public static final Duration LOGIN_SAVED = LOGIN.minusMillis(100);

  /** The time from the head of an event's request to the end of the backend's answer. */
  public static final Duration PUSH_DELIVERED = Duration.ofMillis(4500);

  /** The time from the head of an event's request to the response. WeChat waits for 5 s. */
  public static final Duration PUSH_ANSWERED = Duration.ofMillis(4800);

  /** The time for work at WeChat that a user requests, after the session was found. */
  public static final Duration USER_CALL = Duration.ofMillis(3900);

  /** How long a call waits for a new access token while the current one is still valid. */
  public static final Duration ACCESS_TOKEN_PATIENCE = Duration.ofSeconds(1);

  /**
   * The time from the request for a new session key to WeChat's answer, including an access token.
   * The renewal continues after its caller has stopped waiting, which is after {@link #USER_CALL}.
   */
  public static final Duration KEY_RENEWAL = Duration.ofSeconds(7);

  /**
   * The TTL of a lock in Redis, in case its holder has died. It is longer than the lock's command
   * and the longest work under a lock: a forced refresh of an access token, which sends two calls
   * to WeChat and three commands to Redis, or the renewal of a session key with two commands.
   */
  public static final Duration LOCK = Duration.ofSeconds(11);

  /** The interval at which an instance checks the work of another instance. */
  public static final Duration POLL = Duration.ofMillis(50);

  /** The time from a request's first byte to its last header, and from there to its last byte. */
  public static final Duration REQUEST_PART = Duration.ofSeconds(10);

  /** How long a client may read none of the bytes that wait for it. */
  public static final Duration STALLED_WRITE = Duration.ofSeconds(10);

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private Deadlines() {}

  /** Returns the time left until the end, at least 1 ms: a timer refuses shorter times. */
  public static Duration left(Instant now, Instant end) {
    var left = Duration.between(now, end);
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }
}
