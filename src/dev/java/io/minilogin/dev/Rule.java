package io.minilogin.dev;

import java.util.List;
import java.util.OptionalLong;

/** A condition that a request must meet, and the errcode for a request that does not meet it. */
record Rule(boolean broken, long errcode) {
  /** Returns the errcode of the first violated rule; WeChat reports only the first one, too. */
  static OptionalLong firstBroken(List<Rule> rules) {
    for (var rule : rules) {
      if (rule.broken()) {
        return OptionalLong.of(rule.errcode());
      }
    }
    return OptionalLong.empty();
  }
}
