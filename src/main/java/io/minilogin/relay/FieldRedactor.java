package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Masks the values of secret names in a stream of text: in JSON, in JSON inside a string of other
 * JSON, and in queries. Each byte of a value becomes an asterisk, so the length stays the same. The
 * time is linear in the length for any text.
 */
final class FieldRedactor {
  private static final int LONGEST_NAME = 64;

  private enum State {
    NAME,
    NAME_END,
    COLON,
    VALUE_BEGIN,
    VALUE
  }

  private final Predicate<String> isSecret;
  private final boolean inQueries;
  private final byte[] name = new byte[LONGEST_NAME];
  private State state = State.NAME;
  private int nameLength;

  /**
   * Number of backslashes held back. The next byte decides whether they belong to the value or to
   * its end.
   */
  private int backslashes;

  private FieldRedactor(Predicate<String> isSecret, boolean inQueries) {
    this.isSecret = isSecret;
    this.inQueries = inQueries;
  }

  /** Masks {@code session_key} in JSON. */
  static FieldRedactor ofReplies() {
    return new FieldRedactor("session_key"::equals, false);
  }

  /** Masks all secrets in the record of a call: tokens, secrets, keys, signatures. */
  static FieldRedactor ofRecords() {
    return new FieldRedactor(
        name ->
            name.endsWith("token")
                || name.endsWith("secret")
                || name.endsWith("session_key")
                || name.endsWith("sessionkey")
                || name.endsWith("encrypt_key")
                || name.endsWith("ticket")
                || name.endsWith("signature")
                || name.endsWith("pay_sig")
                || name.endsWith("js_code"),
        true);
  }

  /** Masks the next piece. Backslashes at its end may be returned with the piece after it. */
  Buffer next(Buffer piece) {
    var masked = Buffer.buffer(piece.length() + backslashes);
    for (int i = 0; i < piece.length(); i++) {
      var b = piece.getByte(i);
      if (state == State.VALUE) {
        mask(b, masked);
      } else {
        state = after(b);
        masked.appendByte(b);
      }
    }
    return masked;
  }

  /** Returns the backslashes that were held back. Called after the last piece. */
  Buffer rest() {
    var rest = Buffer.buffer();
    appendBackslashes((byte) '\\', rest);
    return rest;
  }

  private void mask(byte b, Buffer masked) {
    if (b == '\\') {
      backslashes++;
      return;
    }
    var isEscape = backslashes > 0 && b != '/' && b != 'u';
    if (isEscape || b == '&' || b == '"' || isSpace(b)) {
      appendBackslashes((byte) '\\', masked);
      masked.appendByte(b);
      nameLength = 0;
      state = after(b);
    } else {
      appendBackslashes((byte) '*', masked);
      masked.appendByte((byte) '*');
    }
  }

  private void appendBackslashes(byte as, Buffer masked) {
    for (; backslashes > 0; backslashes--) {
      masked.appendByte(as);
    }
  }

  private State after(byte b) {
    return switch (state) {
      case NAME_END -> b == '\\' ? State.NAME_END : b == '"' ? State.COLON : inName(b);
      case COLON -> isSpace(b) ? State.COLON : b == ':' ? State.VALUE_BEGIN : inName(b);
      case VALUE_BEGIN ->
          isSpace(b) || b == '\\' ? State.VALUE_BEGIN : b == '"' ? State.VALUE : inName(b);
      case NAME, VALUE -> inName(b);
    };
  }

  private State inName(byte b) {
    if (isWord(b)) {
      if (nameLength == LONGEST_NAME) {
        // Only the end of a name matters, so its beginning can be dropped.
        System.arraycopy(name, LONGEST_NAME / 2, name, 0, LONGEST_NAME / 2);
        nameLength = LONGEST_NAME / 2;
      }
      name[nameLength++] = b;
      return State.NAME;
    }
    var isSecretName =
        nameLength > 0
            && (b == '\\' || b == '"' || (b == '=' && inQueries))
            && isSecret.test(new String(name, 0, nameLength, US_ASCII).toLowerCase(Locale.ROOT));
    nameLength = 0;
    if (!isSecretName) {
      return State.NAME;
    }
    return b == '=' ? State.VALUE : b == '"' ? State.COLON : State.NAME_END;
  }

  private static boolean isWord(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
