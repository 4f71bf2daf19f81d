package io.minilogin.async;

import java.time.Duration;

/**
 * How long anything may take. What a client waits for ends within 5 s:
 *
 * <pre>
 *  POST /login             4.9 s  LOGIN, of which
 *                          1 s    REDIS_COMMAND, the claim on the code
 *                          3 s    the exchange: wechat.login-timeout, LONGEST_CODE2_SESSION at most
 *                          0.8 s  the rest until LOGIN_SAVED, to save the session and the answer
 *  /verify, GET /session   1 s    REDIS_COMMAND to find the session; to touch it 1 s more
 *  /session/…              1 s    REDIS_COMMAND to find the session
 *                          3.9 s  USER_CALL, of which
 *                          1 s    ACCESS_TOKEN_PATIENCE, for a better token than a good one
 *                          3 s    WECHAT_CALL
 * </pre>
 *
 * <p>A backend's call of WeChat's API is its own matter: {@code wechat.api-timeout}, 15 s.
 *
 * <p>LOGIN and LOGIN_SAVED end a login whatever its parts take. With a longer exchange less time is
 * left to save the session; a login that is not saved in time goes on with the next try.
 *
 * <p>In application.properties: a connection to Redis or WeChat is made within 1 s, and a request
 * to WeChat ends on the wire after 2.9 s, that of a login 0.1 s before its deadline.
 */
public final class Deadlines {
  /** Whatever a client waits for, but for a body that it sends itself. */
  public static final Duration ANSWER = Duration.ofSeconds(5);

  /** From the command to its reply, connecting and repeats included. */
  public static final Duration REDIS_COMMAND = Duration.ofSeconds(1);

  /** From the call to its outcome, connecting included. */
  public static final Duration WECHAT_CALL = Duration.ofSeconds(3);

  /** The longest that {@code wechat.login-timeout} may be, so that a login ends within 5 s. */
  public static final Duration LONGEST_CODE2_SESSION = Duration.ofSeconds(4);

  /** From the posted code to the answer. */
  public static final Duration LOGIN = Duration.ofMillis(4900);

  /** From the posted code until its answer must be saved; the rest is to tell of a failure. */
  public static final Duration LOGIN_SAVED = LOGIN.minusMillis(100);

  /** What a user has WeChat do, after the session was found. */
  public static final Duration USER_CALL = Duration.ofMillis(3900);

  /** How long a call waits for a better access token than the good one that there is. */
  public static final Duration ACCESS_TOKEN_PATIENCE = Duration.ofSeconds(1);

  /**
   * From the request for a new session key to WeChat's answer, getting an access token included.
   * The renewal goes on after its caller, who waits for {@link #USER_CALL}.
   */
  public static final Duration KEY_RENEWAL = Duration.ofSeconds(7);

  /**
   * The time to live of a lock in Redis, whose holder may be gone. It is longer than the lock's
   * command and the longest work under a lock: a forced refresh of an access token, which sends two
   * calls to WeChat and three commands to Redis, or the renewal of a session key with two commands.
   */
  public static final Duration LOCK = Duration.ofSeconds(11);

  /** Between two looks at what another instance is doing. */
  public static final Duration POLL = Duration.ofMillis(50);

  /**
   * Of clients: from a request's first byte to its last header, and from there to its last byte.
   */
  public static final Duration REQUEST_PART = Duration.ofSeconds(10);

  /** How long a client may take none of the bytes that wait for it. */
  public static final Duration STALLED_WRITE = Duration.ofSeconds(10);

  private Deadlines() {}
}
