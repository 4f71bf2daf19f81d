package io.minilogin.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A Kubernetes Secret as the kubelet mounts it: each key is a link through {@code ..data} into a
 * directory with all values, and an update replaces only the link {@code ..data}.
 */
final class MountedSecret {
  private final Path mount;
  private int version;

  MountedSecret(Path mount) {
    this.mount = mount;
  }

  /** Returns the directory that a service reads. */
  ServiceProcess.Builder mountedIn(ServiceProcess.Builder service) {
    return service.with("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS", mount.toString());
  }

  /** Replaces all keys and values. */
  MountedSecret update(Map<String, String> values) {
    try {
      var directory = Files.createDirectories(mount.resolve("..version" + ++version));
      for (var value : values.entrySet()) {
        Files.writeString(directory.resolve(value.getKey()), value.getValue());
      }
      var next = mount.resolve("..data_tmp");
      Files.createSymbolicLink(next, directory.getFileName());
      Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      for (var key : values.keySet()) {
        var link = mount.resolve(key);
        if (!Files.isSymbolicLink(link)) {
          Files.createSymbolicLink(link, Path.of("..data", key));
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
