package io.minilogin.problem;

import java.util.Locale;

/**
 * The types of problems, one constant for each {@code urn:mini-login:problem:<name>}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public enum ProblemType {
  INVALID_REQUEST(400, "The request is malformed", Action.NONE),
  UNKNOWN_APP(400, "The app is not configured here", Action.NONE),
  CODE_INVALID(400, "WeChat does not know the code", Action.LOGIN),
  CODE_USED(400, "The code has been used", Action.LOGIN),
  TOKEN_MISSING(401, "The request carries no token", Action.LOGIN),
  TOKEN_INVALID(401, "The token is unknown, expired or revoked", Action.LOGIN),
  CLIENT_UNAUTHORIZED(401, "The caller is not a client of this service", Action.NONE),
  CLIENT_FORBIDDEN(403, "The client may not do this", Action.NONE),
  USER_BLOCKED(403, "The user is blocked", Action.NONE),
  PUSH_REJECTED(403, "The event is not accepted", Action.NONE),
  OPEN_DATA_REJECTED(422, "The open data are not accepted", Action.NONE),
  SESSION_KEY_STALE(409, "The session key is out of date", Action.LOGIN),
  THROTTLED(429, "WeChat's quota is used up", Action.LOGIN),
  APP_MISCONFIGURED(502, "WeChat rejects this service's configuration", Action.NONE),
  WECHAT_FAILED(502, "WeChat did not give a usable answer", Action.LOGIN),
  WECHAT_BUSY(503, "WeChat is busy", Action.LOGIN),
  WECHAT_TIMEOUT(504, "WeChat did not answer in time", Action.LOGIN),
  BACKEND_FAILED(502, "The backend did not take the event", Action.RETRY),
  BACKEND_BUSY(503, "The event cannot be delivered now", Action.RETRY),
  BACKEND_TIMEOUT(504, "The backend did not answer in time", Action.RETRY),
  STORE_UNAVAILABLE(503, "The session store is not available", Action.RETRY),
  INTERNAL(500, "The service has failed unexpectedly", Action.NONE),

  // Problems of HTTP itself, so that clients never receive a response of the framework.
  NOT_FOUND(404, "The resource does not exist", Action.NONE),
  METHOD_NOT_ALLOWED(405, "This method is not allowed here", Action.NONE),
  NOT_ACCEPTABLE(406, "No acceptable representation", Action.NONE),
  REQUEST_TIMEOUT(408, "The request did not arrive in time", Action.NONE),
  CONTENT_TOO_LARGE(413, "The request body is too large", Action.NONE),
  URI_TOO_LONG(414, "The request line is too long", Action.NONE),
  UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not supported", Action.NONE),
  HEADERS_TOO_LARGE(431, "The headers are too large", Action.NONE);

  private final int status;
  private final String title;
  private final Action action;

  ProblemType(int status, String title, Action action) {
    this.status = status;
    this.title = title;
    this.action = action;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /**
   * Returns the last part of the problem's URN, such as {@code code-used}. Metrics use it as the
   * name of the outcome.
   */
  public String metricName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String urn() {
    return "urn:mini-login:problem:" + metricName();
  }

  public String title() {
    return title;
  }

  /**
   * Returns what a client should do by default. A failed call may require another action if the
   * login may have been sent to WeChat.
   */
  public Action action() {
    return action;
  }
}
