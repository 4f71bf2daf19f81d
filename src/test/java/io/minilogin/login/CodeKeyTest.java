package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeKeyTest {
  @Test
  void allInstancesAndVersionsAgreeOnTheKeyOfACode() {
    // printf 'wx1\0code' | openssl dgst -sha256 -binary | head -c16 | basenc --base64url
    assertThat(CodeKey.of("wx1", "code").hash()).isEqualTo("4TUBABwI5pnVj7osvCjRGw").hasSize(22);
  }

  @Test
  void eachCodeOfEachAppHasItsOwn() {
    assertThat(CodeKey.of("wx1", "code"))
        .isEqualTo(CodeKey.of("wx1", "code"))
        .isNotEqualTo(CodeKey.of("wx1", "Code"))
        .isNotEqualTo(CodeKey.of("wx2", "code"));
  }

  @Test
  void whereTheAppidEndsAndTheCodeBeginsCounts() {
    assertThat(CodeKey.of("wx1", "2code").hash()).isNotEqualTo(CodeKey.of("wx12", "code").hash());
  }
}
