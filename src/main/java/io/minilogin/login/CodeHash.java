package io.minilogin.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Stands for a code of an app where the code itself must not appear: half of a SHA-256, in
 * base64url. Not keyed by the app secret, so that instances agree on it while a secret is being
 * rotated.
 */
record CodeHash(String appid, String hash) {
  private static final int BYTES = 16;

  static CodeHash of(String appid, String code) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(appid.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      var hash = sha.digest(code.getBytes(StandardCharsets.UTF_8));
      return new CodeHash(
          appid,
          Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
