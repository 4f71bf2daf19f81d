package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeHashTest {
  @Test
  void allInstancesAndVersionsAgreeOnTheKeyOfACode() {
    // printf 'wx1\0code' | openssl dgst -sha256 -binary | head -c16 | basenc --base64url
    assertThat(CodeHash.of("wx1", "code").text()).isEqualTo("4TUBABwI5pnVj7osvCjRGw").hasSize(22);
  }

  @Test
  void eachCodeOfEachAppHasItsOwn() {
    assertThat(CodeHash.of("wx1", "code"))
        .isEqualTo(CodeHash.of("wx1", "code"))
        .isNotEqualTo(CodeHash.of("wx1", "Code"))
        .isNotEqualTo(CodeHash.of("wx2", "code"));
  }

  @Test
  void whereTheAppidEndsAndTheCodeBeginsCounts() {
    assertThat(CodeHash.of("wx1", "2code").text()).isNotEqualTo(CodeHash.of("wx12", "code").text());
  }
}
