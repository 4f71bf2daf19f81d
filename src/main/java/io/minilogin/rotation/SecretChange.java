package io.minilogin.rotation;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * A change to a new secret of an app.
 *
 * @param learnt the time at which the first instance learned of the new secret
 * @param sealedUntil the time until which each earlier secret seals, by the secret's id of 8
 *     hexadecimal digits
 */
record SecretChange(Instant learnt, Map<String, Instant> sealedUntil) {

  /**
   * Returns the time (8 bytes, epoch milliseconds), then the id (4 bytes) and the time (8 bytes) of
   * each secret.
   */
  byte[] pack() {
    var bytes =
        ByteBuffer.allocate(Long.BYTES + sealedUntil.size() * (Integer.BYTES + Long.BYTES))
            .putLong(learnt.toEpochMilli());
    sealedUntil.forEach(
        (id, until) -> bytes.putInt(HexFormat.fromHexDigits(id)).putLong(until.toEpochMilli()));
    return bytes.array();
  }

  static SecretChange unpack(byte[] packed) {
    var bytes = ByteBuffer.wrap(packed);
    var learnt = Instant.ofEpochMilli(bytes.getLong());
    var sealedUntil = new HashMap<String, Instant>();
    while (bytes.hasRemaining()) {
      sealedUntil.put(
          HexFormat.of().toHexDigits(bytes.getInt()), Instant.ofEpochMilli(bytes.getLong()));
    }
    return new SecretChange(learnt, sealedUntil);
  }
}
