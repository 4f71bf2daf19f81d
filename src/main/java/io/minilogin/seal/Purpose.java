package io.minilogin.seal;

/**
 * What a value is sealed for. Each has keys of its own, so that no value passes for one of another
 * purpose.
 */
public enum Purpose {
  SESSION("session"),
  SESSION_KEY("session key"),
  UNIONID("unionid"),
  LOGIN_ANSWER("login answer"),
  ACCESS_TOKEN("access token"),
  SECRET_CHANGE("secret change"),
  STAND_IN_TOKEN("stand-in token");

  private final String label;

  Purpose(String label) {
    this.label = label;
  }

  /** What it is called, for operators as well. */
  public String label() {
    return label;
  }
}
