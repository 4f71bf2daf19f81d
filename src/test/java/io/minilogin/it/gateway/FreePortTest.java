package io.minilogin.it.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreePortTest {
  private static final String COMPLAINT =
      "echo 'bind() to 127.0.0.1 failed (98: Address already in use)'; exit 1";

  @Test
  void programIsRestartedOnAnotherPortIfItsPortIsTaken(@TempDir Path directory) throws Exception {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var complaints = List.of(COMPLAINT, COMPLAINT, "sleep 60").iterator();
      var used =
          FreePort.forStartOf(
              port -> {
                var command = complaints.next();
                var target = complaints.hasNext() ? port : listening.getLocalPort();
                GatewayProcess.start(directory, target, List.of("sh", "-c", command)).close();
                return port;
              });
      assertThat(used).isPositive();
      assertThat(complaints).isExhausted();
    }
  }

  @Test
  void programIsNotRestartedAfterAnotherFailure(@TempDir Path directory) {
    assertThatThrownBy(
            () ->
                FreePort.forStartOf(
                    port ->
                        GatewayProcess.start(
                            directory, port, List.of("sh", "-c", "echo no such file; exit 1"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no such file");
  }
}
