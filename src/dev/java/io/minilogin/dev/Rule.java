package io.minilogin.dev;

import java.util.List;
import java.util.OptionalLong;

/** What a call must keep to, and what it gets if it does not. */
record Rule(boolean broken, long errcode) {
  /** The errcode of the first broken one: WeChat looks no further. */
  static OptionalLong firstBroken(List<Rule> rules) {
    for (var rule : rules) {
      if (rule.broken()) {
        return OptionalLong.of(rule.errcode());
      }
    }
    return OptionalLong.empty();
  }
}
