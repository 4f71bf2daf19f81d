package io.minilogin.seal;

/**
 * The purpose of a sealed value. Each purpose has its own keys, so that a value of one purpose
 * cannot be used for another.
 */
public enum Purpose {
  SESSION("session"),
  SESSION_KEY("session key"),
  UNIONID("unionid"),
  LOGIN_ANSWER("login answer"),
  ACCESS_TOKEN("access token"),
  SECRET_CHANGE("secret change"),
  STAND_IN_TOKEN("stand-in token"),
  BLOCK("block"),
  PUSH_ANSWER("push answer");

  private final String label;

  Purpose(String label) {
    this.label = label;
  }

  /** Returns the name of the purpose, which operators see as well. */
  public String label() {
    return label;
  }
}
