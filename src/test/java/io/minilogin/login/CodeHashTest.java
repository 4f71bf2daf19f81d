package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeHashTest {
  @Test
  void hashOfACodeIsStable() {
    // printf 'wx1\0code' | openssl dgst -sha256 -binary | head -c16 | basenc --base64url
    assertThat(CodeHash.of("wx1", "code").text()).isEqualTo("4TUBABwI5pnVj7osvCjRGw").hasSize(22);
  }

  @Test
  void hashesOfCodesAndAppsDiffer() {
    assertThat(CodeHash.of("wx1", "code"))
        .isEqualTo(CodeHash.of("wx1", "code"))
        .isNotEqualTo(CodeHash.of("wx1", "Code"))
        .isNotEqualTo(CodeHash.of("wx2", "code"));
  }

  @Test
  void boundaryBetweenAppidAndCodeChangesTheHash() {
    assertThat(CodeHash.of("wx1", "2code").text()).isNotEqualTo(CodeHash.of("wx12", "code").text());
  }
}
