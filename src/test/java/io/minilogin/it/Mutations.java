package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Bodies that differ from a given body by one to three changes. */
final class Mutations {
  private static final List<byte[]> PIECES =
      List.of(
              "\"",
              "\\",
              "{",
              "}",
              "[",
              "]",
              ",",
              ":",
              "null",
              "true",
              "-1",
              "1e999",
              "\\u0000",
              "\\ud800",
              "\u0000",
              "\n",
              "=",
              "==",
              "AAAA",
              "%",
              "小明",
              "\"iv\":\"\"",
              "\"code\":{}")
          .stream()
          .map(piece -> piece.getBytes(UTF_8))
          .toList();

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  byte[] of(String body) {
    return of(body.getBytes(UTF_8));
  }

  /** Returns base64 of bytes that differ slightly from the decoded input. */
  String ofBase64(String base64) {
    return Base64.getEncoder().encodeToString(of(Base64.getDecoder().decode(base64)));
  }

  private byte[] of(byte[] body) {
    var changed = body;
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  private byte[] once(byte[] body) {
    int from = random.nextInt(body.length + 1);
    int to = Math.min(body.length, from + random.nextInt(40));
    return switch (random.nextInt(6)) {
      case 0 -> flipped(body);
      case 1 -> replaced(body, from, to, new byte[0]);
      case 2 -> replaced(body, from, from, PIECES.get(random.nextInt(PIECES.size())));
      case 3 -> replaced(body, from, to, PIECES.get(random.nextInt(PIECES.size())));
      case 4 -> replaced(body, from, from, Arrays.copyOfRange(body, from, to));
      default -> replaced(body, from, to, noise(to - from));
    };
  }

  private byte[] flipped(byte[] body) {
    var changed = body.clone();
    if (changed.length > 0) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] noise(int length) {
    var noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] replaced(byte[] body, int from, int to, byte[] by) {
    var changed = new ByteArrayOutputStream();
    changed.write(body, 0, from);
    changed.writeBytes(by);
    changed.write(body, to, body.length - to);
    return changed.toByteArray();
  }
}
