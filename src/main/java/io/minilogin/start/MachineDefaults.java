package io.minilogin.start;

import io.netty.util.internal.PlatformDependent;
import io.quarkus.runtime.ImageMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Defaults that depend on the machine; an operator may set others.
 *
 * <ul>
 *   <li>As many event loops as there are processors, and at most {@value #MOST_EVENT_LOOPS}.
 *       Quarkus' default is twice as many; they would take turns on the processors and hand work to
 *       each other, which costs a third of the throughput. Each loop has buffers and connections of
 *       its own, and a container without a CPU limit sees the processors of its node: memory would
 *       follow the node.
 *   <li>At most {@value #MOST_CONNECTIONS} connections of clients, and fewer where the process may
 *       not open so many files, without which nobody could be answered at all, or where idle
 *       connections would take over a third of the heap.
 * </ul>
 */
public final class MachineDefaults implements ConfigSource {
  private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
  private static final String CONNECTIONS = "quarkus.http.limits.max-connections";
  private static final int MOST_EVENT_LOOPS = 4;
  private static final int MOST_CONNECTIONS = 4096;

  /** For connections to Redis and WeChat, the management port, files. */
  private static final long OTHER_FILES = 512;

  /** Of heap, while a connection is idle; measured are 4,300. */
  private static final int BYTES_OF_CONNECTION = 5 * 1024;

  private static final int PART_OF_HEAP = 3;

  /**
   * What application.properties builds into a native executable: there Netty knows only what there
   * was at the build.
   */
  static final long NATIVE_DIRECT_MEMORY = 48 << 20;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");

  /** Below that of application.properties, so that any other source prevails. */
  private static final int ORDINAL = 200;

  private final Map<String, String> values =
      Map.of(
          EVENT_LOOPS,
          String.valueOf(eventLoops(Runtime.getRuntime().availableProcessors())),
          CONNECTIONS,
          String.valueOf(Math.min(MOST_CONNECTIONS, possibleConnections())));

  /** Bytes of direct memory that the process may have. */
  public static long directMemory() {
    return ImageMode.current() == ImageMode.NATIVE_RUN
        ? NATIVE_DIRECT_MEMORY
        : PlatformDependent.maxDirectMemory();
  }

  static int eventLoops(int processors) {
    return Math.min(MOST_EVENT_LOOPS, processors);
  }

  /** How many connections of clients the process can have by files and memory. At least 1. */
  public static long possibleConnections() {
    return possibleConnections(
        openFiles().orElse(Long.MAX_VALUE), Runtime.getRuntime().maxMemory());
  }

  static long possibleConnections(long files, long heap) {
    return Math.max(1, Math.min(files - OTHER_FILES, heap / PART_OF_HEAP / BYTES_OF_CONNECTION));
  }

  /** Empty where it cannot be known or there is no limit. */
  private static OptionalLong openFiles() {
    try {
      var limit = OPEN_FILES.matcher(Files.readString(LIMITS));
      return limit.find() ? OptionalLong.of(Long.parseLong(limit.group(1))) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Set<String> getPropertyNames() {
    return values.keySet();
  }

  @Override
  public String getValue(String property) {
    return values.get(property);
  }

  @Override
  public String getName() {
    return "defaults of the machine";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
