package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.settings.MachineDefaults;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.junit.jupiter.api.Test;

class WechatCallsTest {
  @Test
  void limitsAddUpToTheSizeOfTheConnectionPool() {
    var ofAll = WechatCalls.class.getAnnotation(Bulkhead.class);
    var sum =
        Stream.of(WechatCalls.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(CircuitBreakerName.class))
            .map(method -> Optional.ofNullable(method.getAnnotation(Bulkhead.class)).orElse(ofAll))
            .mapToInt(Bulkhead::value)
            .sum();
    assertThat(sum).isEqualTo(MachineDefaults.MAX_OWN_CALLS);
  }
}
