package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.app.Secret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;

/** A reply of stable_token. */
@NullUnmarked
@RegisterForReflection
record StableTokenReply(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("expires_in") long expiresIn,
    Integer errcode,
    String errmsg)
    implements WechatReply {
  private static final int LONGEST = 512;

  @Override
  public boolean isComplete() {
    return accessToken != null
        && !accessToken.isBlank()
        && accessToken.length() <= LONGEST
        && expiresIn > 0;
  }

  @Override
  public Refusal refusal() {
    return Errcode.ofCallWithSecret(errcode).refusal();
  }

  IssuedAccessToken issued() {
    return new IssuedAccessToken(new Secret(accessToken), Duration.ofSeconds(expiresIn));
  }

  @Override
  public String toString() {
    return "StableTokenReply[errcode=" + errcode + "]";
  }
}
