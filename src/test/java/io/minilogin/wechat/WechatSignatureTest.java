package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.Secret;
import org.junit.jupiter.api.Test;

class WechatSignatureTest {
  /** {@code printf '' | openssl dgst -sha256 -hmac 'tiihtNczf5v6AKRyjwEUhQ=='}. */
  @Test
  void signatureOfEmptyDataIsKeyedByTheTextOfTheSessionKey() {
    assertThat(WechatSignature.of(new Secret("tiihtNczf5v6AKRyjwEUhQ==")))
        .isEqualTo("7154f9f8b4b76b92f541cbf0e37d48840fa06e5e42da92a6f80168a1516a4735");
  }
}
