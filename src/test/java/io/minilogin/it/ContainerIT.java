package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The artefact with the restrictions of its image and its manifest. */
@Tag("long")
class ContainerIT {
  private static final int LOGINS_AT_A_TIME = 50;
  private static final String[] TELL_HEAP =
      Artefact.isNative()
          ? new String[] {"-XX:+PrintGC", "-XX:+VerboseGC"}
          : new String[] {"-Xlog:gc+init"};
  private static final Pattern MAX_HEAP =
      Pattern.compile("(?:Maximum heap size|Heap Max Capacity): (\\d+)M");

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  @Test
  void serviceRunsWithoutPrivilegesAndEndsOnSigterm() throws IOException {
    try (var container = Container.limitedTo(Container.LIMIT);
        var service = surroundings.service().command(container.command()).start()) {
      var process = Path.of("/proc", Long.toString(service.pid()));
      assertThat(Files.readString(process.resolve("status")))
          .containsPattern("Uid:\\s+%1$d\\s+%1$d\\s+%1$d\\s+%1$d\n".formatted(Container.USER))
          .containsPattern("CapEff:\\s+0+\n")
          .containsPattern("CapBnd:\\s+0+\n")
          .containsPattern("NoNewPrivs:\\s+1\n");
      assertThatThrownBy(() -> Files.createFile(process.resolve("root/usr/a-file")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Read-only");

      for (int login = 0; login < 20; login++) {
        var token = service.client().tokenFor(code());
        service.client().verify(token).then().statusCode(200);
      }

      service.terminate();
      // 128 + SIGTERM, the usual exit code of Java
      assertThat(service.awaitExit()).isEqualTo(143);
      assertThat(container.kills()).isZero();
    }
  }

  @Test
  void heapSizeFollowsTheMemoryLimitAndLeavesHeadroom() {
    try (var container = Container.limitedTo(2 * Container.LIMIT);
        var service = surroundings.service().command(container.command(TELL_HEAP)).start()) {
      // The executable prints the size of its heap at the first garbage collection.
      await()
          .until(
              () -> {
                for (int i = 0; i < LOGINS_AT_A_TIME; i++) {
                  service.client().tokenFor(code());
                }
                return maxHeap(service.lines()).isPresent();
              });
      assertThat(maxHeap(service.lines()).getAsDouble() / (2 * Container.LIMIT))
          .isBetween(0.40, 0.51);
    }
  }

  private static OptionalDouble maxHeap(List<String> lines) {
    return lines.stream()
        .flatMap(line -> MAX_HEAP.matcher(line).results())
        .mapToDouble(megabytes -> Double.parseDouble(megabytes.group(1)) * (1 << 20))
        .findFirst();
  }
}
