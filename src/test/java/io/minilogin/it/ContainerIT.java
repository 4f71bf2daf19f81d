package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The artefact as its image and its manifest run it. */
class ContainerIT {
  /** What the manifests allow, in bytes. */
  private static final long LIMIT = (Artefact.isNative() ? 256L : 512L) << 20;

  private static final Pattern MOST_HEAP =
      Pattern.compile("(?m)^jvm_memory_max_bytes\\{area=\"heap\".*} (\\S+)$");

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  @Test
  void itWorksWithoutAnyRightAndEndsOnSigterm() throws IOException {
    try (var container = Container.limitedTo(LIMIT);
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

      var logins = IntStream.range(0, 300).mapToObj(i -> Crowd.login(service, code()));
      assertThat(Crowd.kinds(Crowd.send(logins))).isEqualTo(Map.of("200", 300L));
      service.client().verify(service.client().tokenFor(code())).then().statusCode(200);

      service.terminate();
      // 128 and SIGTERM, as of any Java
      assertThat(service.awaitExit()).isEqualTo(143);
      assertThat(container.kills()).isZero();
    }
  }

  @Test
  void theHeapFollowsTheLimitAndLeavesRoomBesideIt() {
    try (var container = Container.limitedTo(2 * LIMIT);
        var service = surroundings.service().command(container.command()).start()) {
      assertThat(mostHeap(service.client().metrics()) / (2 * LIMIT)).isBetween(0.40, 0.50);
    }
  }

  private static double mostHeap(String metrics) {
    return MOST_HEAP
        .matcher(metrics)
        .results()
        .mapToDouble(pool -> Double.parseDouble(pool.group(1)))
        .sum();
  }
}
