package io.minilogin.it;

/** A session that somebody has logged in to, and what its token must get. */
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

  /** A logout has been sent: until it is answered with 204, nobody knows. */
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
