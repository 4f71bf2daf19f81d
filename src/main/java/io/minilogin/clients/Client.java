package io.minilogin.clients;

import io.minilogin.seal.Sha256;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A gateway or a backend.
 *
 * @param digests the digests of its id and each of its secrets, the current secret first; the
 *     secrets themselves are not kept
 * @param paths the paths of WeChat's API that it may call
 * @param apps the appids that it may act for; all apps if empty
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

  public boolean mayActForAll() {
    return apps.isEmpty();
  }

  /** Returns the appid if the client may act for one app only. */
  public Optional<String> onlyApp() {
    return apps.filter(appids -> appids.size() == 1).map(appids -> appids.iterator().next());
  }

  /** Returns the first pattern in its configuration that allows this path of WeChat's API. */
  public Optional<ApiPattern> allows(String path) {
    return paths.stream().filter(pattern -> pattern.matches(path)).findFirst();
  }

  /** Returns whether this is the proof of the client's current or previous secret. */
  boolean isProvenBy(byte[] proof) {
    return digests.stream().anyMatch(digest -> MessageDigest.isEqual(proof(digest), proof));
  }

  /**
   * Returns the proof of the id and the secret with this digest: 16 bytes. In a sealed value it
   * proves that the holder knew both.
   */
  static byte[] proof(byte[] digest) {
    return Arrays.copyOf(Sha256.of(digest), PROOF_BYTES);
  }
}
