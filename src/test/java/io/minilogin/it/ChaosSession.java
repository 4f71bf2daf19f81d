package io.minilogin.it;

/** A session after a login, and the expected answers to its token. */
final class ChaosSession {
  private final String token;
  private final String openid;
  private volatile boolean isLeaving;
  private volatile boolean isEnded;

  ChaosSession(String token, String openid) {
    this.token = token;
    this.openid = openid;
  }

  String token() {
    return token;
  }

  String openid() {
    return openid;
  }

  /**
   * Returns whether a logout was sent. Until its 204 arrives, the state of the session is unknown.
   */
  boolean isLeaving() {
    return isLeaving;
  }

  void leaves() {
    isLeaving = true;
  }

  boolean isEnded() {
    return isEnded;
  }

  void hasEnded() {
    isEnded = true;
  }
}
