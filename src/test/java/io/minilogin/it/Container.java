package io.minilogin.it;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The restrictions that Kubernetes applies to the manifest, set up with the kernel directly: a user
 * without a name, no capabilities and no privilege escalation, a read-only root, a small {@code
 * /tmp} and a memory limit. The container shares root file system, network and process IDs with the
 * machine. It needs root and util-linux; the test is skipped if it cannot be created.
 */
public final class Container implements AutoCloseable {
  /** The memory limit of the manifests, in bytes. */
  public static final long LIMIT = (Artefact.isNative() ? 256L : 512L) << 20;

  static final int USER = 1001;

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /** Each program replaces the previous one, so that the process is the service in the end. */
  private static final String ENTER =
      """
      set -e
      root=$1 group=$2 directory=$3 user=$4
      shift 4
      mount --bind / "$root"
      mount -o remount,bind,ro "$root"
      mount --bind /proc "$root/proc"
      mount --bind /dev "$root/dev"
      mount --rbind /sys "$root/sys"
      mount --bind "$directory" "$root/mnt"
      mount -o remount,bind,ro "$root/mnt"
      mount -t tmpfs -o size=16m,mode=1777 tmpfs "$root/tmp"
      echo $$ >"$group/cgroup.procs"
      exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups \\
        --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
      """;

  private final Path root;
  private final Path group;

  private Container(Path root, Path group) {
    this.root = root;
    this.group = group;
  }

  /**
   * Creates an empty container.
   *
   * @param memory the memory limit in bytes
   */
  public static Container limitedTo(long memory) {
    assumeTrue(
        succeeds("unshare", "--mount", "setpriv", "--no-new-privs", "true"),
        "not root, or no unshare and setpriv of util-linux: nothing is tested as in a container");
    try {
      var group = group(memory);
      return new Container(Files.createTempDirectory("container"), group);
    } catch (IOException e) {
      return abort("no cgroup can be made, nothing is tested as in a container: " + e);
    }
  }

  /** Returns the command that starts the artefact like the image does, with further options. */
  public List<String> command(String... options) {
    var enter = List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "sh");
    var command = new ArrayList<>(enter);
    command.addAll(List.of(root.toString(), group.toString(), Artefact.directory().toString()));
    command.add(Integer.toString(USER));
    command.addAll(Artefact.commandOfImage(Path.of("/mnt"), options));
    return command;
  }

  /** Returns how many processes the kernel killed for their memory usage. */
  public long kills() {
    var file = isVersion1() ? "memory.oom_control" : "memory.events";
    try (var lines = Files.lines(group.resolve(file))) {
      return lines
          .filter(line -> line.startsWith("oom_kill "))
          .mapToLong(line -> Long.parseLong(line.split(" ", 2)[1]))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path group(long memory) throws IOException {
    var parent = isVersion1() ? CGROUPS.resolve("memory") : CGROUPS;
    var group = Files.createDirectory(parent.resolve("mini-login-" + UUID.randomUUID()));
    try {
      var limit = group.resolve(isVersion1() ? "memory.limit_in_bytes" : "memory.max");
      Files.writeString(limit, Long.toString(memory));
      return group;
    } catch (IOException e) {
      Files.delete(group);
      throw e;
    }
  }

  private static boolean isVersion1() {
    return Files.isDirectory(CGROUPS.resolve("memory"));
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Removes the container. The service must have ended before. */
  @Override
  public void close() {
    try {
      Files.delete(group);
      Files.delete(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
