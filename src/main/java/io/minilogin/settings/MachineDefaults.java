package io.minilogin.settings;

import io.minilogin.settings.ConnectionShares.Machine;
import io.netty.util.internal.PlatformDependent;
import io.quarkus.runtime.ImageMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Defaults that depend on the machine; any other source of settings overrides them.
 *
 * <ul>
 *   <li>There are as many event loops as processors, but at most {@value #MAX_EVENT_LOOPS}.
 *       Quarkus' default is twice as many; they would take turns on the processors and hand work to
 *       each other, which costs a third of the throughput. Each loop has its own buffers and
 *       connections, and a container without a CPU limit sees the processors of its node: memory
 *       use would grow with the node.
 *   <li>The connections of all kinds together need no more files than the process may open. A
 *       process without a free file can accept no client and cannot reach Redis.
 *   <li>Idle connections of clients use at most a third of the heap.
 * </ul>
 */
public final class MachineDefaults implements ConfigSourceFactory {
  /** The number of the service's own calls to WeChat that its limits allow at the same time. */
  public static final int MAX_OWN_CALLS = 1024;

  private static final String CLIENTS = "quarkus.http.limits.max-connections";
  private static final int MAX_EVENT_LOOPS = 4;

  /**
   * The limit that application.properties builds into a native executable, where Netty would see
   * the limit of the machine that built it.
   */
  static final long NATIVE_DIRECT_MEMORY = 48 << 20;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");

  /** Lower than the ordinal of application.properties (250). */
  private static final int ORDINAL = 200;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    var machine = machine();
    var files = new SettingFiles().getConfigSources(context);
    var shares = ConnectionShares.of(machine, name -> overriding(context, files, name));
    return List.of(
        new PropertiesConfigSource(
            Map.of(
                ConnectionShares.EVENT_LOOPS,
                String.valueOf(eventLoops(machine.processors())),
                ConnectionShares.REDIS,
                String.valueOf(shares.redis()),
                ConnectionShares.WECHAT,
                String.valueOf(shares.wechat()),
                CLIENTS,
                String.valueOf(Math.max(1, shares.clients()))),
            "defaults of the machine",
            ORDINAL));
  }

  /**
   * Returns the value of the source with the highest ordinal, or null if these defaults precede it.
   * The context does not include the sources of other factories, so this method reads the files.
   * Quarkus records the values that this source had at the build with a low ordinal; these are
   * ignored.
   */
  private static @Nullable String overriding(
      ConfigSourceContext context, Iterable<ConfigSource> files, String name) {
    var value = context.getValue(name);
    var ordinal = value == null ? ORDINAL : value.getConfigSourceOrdinal();
    var found = ordinal > ORDINAL && value != null ? value.getValue() : null;
    for (var each : files) {
      if (each.getOrdinal() > Math.max(ORDINAL, ordinal) && each.getValue(name) != null) {
        found = each.getValue(name);
      }
    }
    return found;
  }

  /** Returns the direct memory that the process may use, in bytes. */
  public static long directMemory() {
    return ImageMode.current() == ImageMode.NATIVE_RUN
        ? NATIVE_DIRECT_MEMORY
        : PlatformDependent.maxDirectMemory();
  }

  static int eventLoops(int processors) {
    return Math.min(MAX_EVENT_LOOPS, processors);
  }

  /**
   * Returns for how many connections of clients the process has files and memory with these
   * settings; 0 if the other connections may use up all files.
   */
  public static long possibleConnections(Config settings) {
    UnaryOperator<String> values = name -> settings.getConfigValue(name).getValue();
    return Math.max(0, ConnectionShares.of(machine(), values).clients());
  }

  /**
   * Returns how many of backends' calls of WeChat's API may be under way at the same time, by files
   * and direct memory. At least 1.
   */
  public static int possibleCalls() {
    return ConnectionShares.of(machine(), name -> null).relay();
  }

  private static Machine machine() {
    return new Machine(
        openFiles(),
        Runtime.getRuntime().maxMemory(),
        directMemory(),
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the limit of open files, or a practically unlimited number if it is unknown or
   * unlimited.
   */
  private static long openFiles() {
    try {
      var limit = OPEN_FILES.matcher(Files.readString(LIMITS));
      return limit.find() ? Long.parseLong(limit.group(1)) : Integer.MAX_VALUE;
    } catch (IOException e) {
      return Integer.MAX_VALUE;
    }
  }
}
