package io.minilogin.check;

import io.minilogin.seal.Sha256;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A gateway or a backend.
 *
 * @param digests all that is kept of its id and its secrets, the current one first
 * @param paths what it may call of WeChat's API
 * @param apps the appids of those it may act for; all of them if empty
 */
public record Client(
    String id,
    List<byte[]> digests,
    Set<Permission> may,
    List<ApiPattern> paths,
    Optional<Set<String>> apps) {
  private static final int PROOF_BYTES = 16;

  public boolean mayActFor(String appid) {
    return apps.isEmpty() || apps.get().contains(appid);
  }

  boolean mayActForAll() {
    return apps.isEmpty();
  }

  /** The first pattern in its configuration that allows this path of WeChat's API. */
  public Optional<ApiPattern> allows(String path) {
    return paths.stream().filter(pattern -> pattern.matches(path)).findFirst();
  }

  /** Whether this was proof of it, with the secret or the previous one. */
  boolean isProvenBy(byte[] proof) {
    return digests.stream().anyMatch(digest -> MessageDigest.isEqual(proof(digest), proof));
  }

  /** Proves, sealed, that somebody knew the id and this secret: 16 bytes. */
  static byte[] proof(byte[] digest) {
    return Arrays.copyOf(Sha256.of(digest), PROOF_BYTES);
  }
}
