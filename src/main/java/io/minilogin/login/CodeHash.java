package io.minilogin.login;

import io.minilogin.seal.Sha256;
import java.util.Arrays;
import java.util.Base64;

/**
 * Identifies a code of an app where the code itself must not appear: half of a SHA-256 in
 * base64url. The hash does not depend on the app secret, so that instances compute the same hash
 * while a secret is rotated.
 */
record CodeHash(String appid, String text) {
  private static final int BYTES = 16;

  static CodeHash of(String appid, String code) {
    var half = Arrays.copyOf(Sha256.of(appid + '\0' + code), BYTES);
    return new CodeHash(appid, Base64.getUrlEncoder().withoutPadding().encodeToString(half));
  }
}
