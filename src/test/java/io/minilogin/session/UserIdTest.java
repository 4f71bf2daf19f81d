package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserIdTest {
  private final UserId user = new UserId("wx1", "o1");

  @Test
  void isTheSameInTheSameAppWithTheSameOpenid() {
    assertThat(user).isEqualTo(new UserId("wx1", "o1")).hasSameHashCodeAs(new UserId("wx1", "o1"));
  }

  @Test
  void isAnotherInAnotherApp() {
    assertThat(user).isNotEqualTo(new UserId("wx2", "o1"));
  }

  @Test
  void isAnotherWithAnotherOpenid() {
    assertThat(user).isNotEqualTo(new UserId("wx1", "o2"));
  }

  @Test
  void isNothingElse() {
    assertThat(user).isNotEqualTo("wx1").isNotEqualTo(null);
  }
}
