package io.minilogin.wechat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Asks for the phone number behind the code that the phone number button gave. */
@RegisterForReflection
record PhoneCode(String code) {
  @Override
  public String toString() {
    return "PhoneCode";
  }
}
