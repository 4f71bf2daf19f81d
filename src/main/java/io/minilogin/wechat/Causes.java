package io.minilogin.wechat;

/** What is behind a failure: the REST client wraps most of them. */
final class Causes {
  private Causes() {}

  static boolean include(Throwable failure, Class<? extends Throwable> type) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
