package io.minilogin.wechat;

import io.smallrye.mutiny.Uni;

/** An API of WeChat that has only a code2Session, which the test provides. */
record ScriptedApi(Exchange exchange) implements WechatApi {
  @Override
  public void close() {
    // There is nothing to close.
  }

  /** Replaces {@link WechatApi#code2Session}. */
  interface Exchange {
    Uni<Code2SessionReply> code2Session(String appid, String secret, String code);
  }

  @Override
  public Uni<Code2SessionReply> code2Session(String appid, String secret, String code) {
    return exchange.code2Session(appid, secret, code);
  }

  @Override
  public Uni<StableTokenReply> stableToken(StableTokenRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<PhoneNumberReply> phoneNumber(String token, UserPhoneNumberRequest code) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<CheckSessionReply> checkSession(String token, String openid, String signature) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<ResetSessionKeyReply> resetSessionKey(String token, String openid, String signature) {
    throw new UnsupportedOperationException();
  }
}
