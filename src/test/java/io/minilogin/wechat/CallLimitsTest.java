package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.settings.MachineDefaults;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
  @Test
  void limitsAddUpToTheSizeOfTheConnectionPool() {
    var sum = CallLimits.OWN_CALLS.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(sum).isEqualTo(MachineDefaults.MAX_OWN_CALLS);
  }
}
