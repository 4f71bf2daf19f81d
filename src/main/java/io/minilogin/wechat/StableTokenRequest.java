package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.app.WechatApp;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Asks for an app's access token; forced, for another one than WeChat gave before. */
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
