package io.minilogin.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with HMAC-SHA256. The JDK has HKDF only from version 25 on.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869</a>
 */
final class Hkdf {
  private static final String HMAC = "HmacSHA256";
  private static final int HASH_BYTES = 32;

  /** Reused, because the lookup of an implementation takes as long as its use. */
  private static final ThreadLocal<Mac> MACS = ThreadLocal.withInitial(Hkdf::newMac);

  private final byte[] pseudorandomKey;

  private Hkdf(byte[] pseudorandomKey) {
    this.pseudorandomKey = pseudorandomKey;
  }

  /** Extracts a pseudorandom key, RFC 5869 section 2.2. */
  static Hkdf extract(byte[] salt, byte[] keyMaterial) {
    // The JDK refuses an empty key. HMAC pads its key with zeros, so one zero byte equals the empty
    // salt.
    return new Hkdf(hmac(salt.length == 0 ? new byte[1] : salt, keyMaterial));
  }

  /** Expands the key to at most 255 times 32 bytes, RFC 5869 section 2.3. */
  byte[] expand(String info, int length) {
    return expand(info.getBytes(StandardCharsets.UTF_8), length);
  }

  byte[] expand(byte[] info, int length) {
    var output = new byte[length];
    var block = new byte[0];
    for (int i = 0; i * HASH_BYTES < length; i++) {
      block = hmac(pseudorandomKey, block, info, new byte[] {(byte) (i + 1)});
      System.arraycopy(
          block, 0, output, i * HASH_BYTES, Math.min(HASH_BYTES, length - i * HASH_BYTES));
    }
    return output;
  }

  /** Returns the HMAC-SHA256 of the concatenated parts. */
  static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      var mac = MACS.get();
      mac.init(new SecretKeySpec(key, HMAC));
      Arrays.stream(parts).forEach(mac::update);
      return mac.doFinal();
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("HMAC accepts any key", e);
    }
  }

  private static Mac newMac() {
    try {
      return Mac.getInstance(HMAC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
