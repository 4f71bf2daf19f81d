package io.minilogin.operation;

/**
 * Lets request targets in that are no URIs to Java: <code>/a|b</code> or <code>/%zz</code>. Quarkus
 * would refuse them before any route is asked, but gateways ask with the path that their client
 * sent, and whatever that is, the verdict depends on the token alone. The resources refuse them
 * themselves.
 */
public final class RequestTargets {
  private RequestTargets() {}

  /** To be called before Quarkus starts; a native executable has it built in. */
  public static void acceptAll() {
    System.setProperty("vertx.disableURIValidation", "true");
  }
}
