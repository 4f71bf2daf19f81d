package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.app.WechatApp;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** The request body of stable_token. With {@code force_refresh}, WeChat issues a new token. */
@RegisterForReflection
record StableTokenRequest(
    @JsonProperty("grant_type") String grantType,
    String appid,
    String secret,
    @JsonProperty("force_refresh") boolean forceRefresh) {

  static StableTokenRequest of(WechatApp app, boolean forced) {
    return new StableTokenRequest("client_credential", app.appid(), app.secret().reveal(), forced);
  }

  @Override
  public String toString() {
    return "StableTokenRequest";
  }
}
