package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserIdTest {
  private final UserId user = new UserId("wx1", "o1");

  @Test
  void usersWithTheSameAppAndOpenidAreEqual() {
    assertThat(user).isEqualTo(new UserId("wx1", "o1")).hasSameHashCodeAs(new UserId("wx1", "o1"));
  }

  @Test
  void usersOfDifferentAppsDiffer() {
    assertThat(user).isNotEqualTo(new UserId("wx2", "o1"));
  }

  @Test
  void usersWithDifferentOpenidsDiffer() {
    assertThat(user).isNotEqualTo(new UserId("wx1", "o2"));
  }

  @Test
  void hashDependsOnlyOnAppAndOpenid() {
    assertThat(user.hash())
        .matches("[A-Za-z0-9_-]{43}")
        .isEqualTo(new UserId("wx1", "o1").hash())
        .isNotEqualTo(new UserId("wx1", "o2").hash())
        .isNotEqualTo(new UserId("wx1o", "1").hash());
  }

  @Test
  void userDiffersFromOtherObjects() {
    assertThat(user).isNotEqualTo("wx1").isNotEqualTo(null);
  }
}
