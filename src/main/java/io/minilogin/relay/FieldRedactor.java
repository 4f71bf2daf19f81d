package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Masks the values of secret names in a stream of text: in JSON, in JSON inside a string of other
 * JSON, and in queries. Names may have escapes of JSON and, in queries, of URLs; they may be in
 * UTF-8 or UTF-16. Each byte of a value becomes an asterisk, so the length stays the same. The time
 * is linear in the length for any text.
 */
final class FieldRedactor {
  private static final int LONGEST_NAME = 64;
  private static final int HEX_DIGITS = 4;
  private static final int HEX_DIGITS_IN_URLS = 2;

  private enum State {
    NAME,
    COLON,
    VALUE_BEGIN,
    /** In a JSON string. */
    STRING,
    /** After a string in a list. */
    ELEMENT_END,
    /** In a parameter of a query. */
    PARAMETER
  }

  private final Predicate<String> isSecret;
  private final boolean inQueries;
  private final byte[] name = new byte[LONGEST_NAME];
  private State state = State.NAME;
  private int nameLength;

  /**
   * Number of backslashes before the next byte. In a value, they are held back: the next byte
   * decides whether they belong to the value or to its end.
   */
  private int backslashes;

  /** Number of hexadecimal digits that are missing in an escape. */
  private int missingDigits;

  /** The character of the escape so far. */
  private int escaped;

  /** Number of backslashes before the quotes around the string: more than 0 if JSON is nested. */
  private int depth;

  private boolean isInList;

  private FieldRedactor(Predicate<String> isSecret, boolean inQueries) {
    this.isSecret = isSecret;
    this.inQueries = inQueries;
  }

  /** Returns a redactor that masks {@code session_key} in JSON. */
  static FieldRedactor ofReplies() {
    return new FieldRedactor("session_key"::equals, false);
  }

  /** Returns a redactor for the record of a call: masks tokens, secrets, keys and signatures. */
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
      if (isInValue()) {
        mask(b, masked);
      } else {
        read(b);
        masked.appendByte(b);
      }
    }
    return masked;
  }

  /** Returns the backslashes that were held back. Called after the last piece. */
  Buffer rest() {
    var rest = Buffer.buffer();
    appendBackslashes(isInValue() ? backslashes : 0, (byte) '\\', rest);
    return rest;
  }

  private boolean isInValue() {
    return state == State.STRING || state == State.PARAMETER;
  }

  private void mask(byte b, Buffer masked) {
    if (b == '\\') {
      backslashes++;
    } else if (isEnd(b)) {
      var ofEnd = state == State.STRING ? Math.min(depth, backslashes) : backslashes;
      appendBackslashes(backslashes - ofEnd, (byte) '*', masked);
      appendBackslashes(ofEnd, (byte) '\\', masked);
      masked.appendByte(b);
      state = state == State.STRING && isInList ? State.ELEMENT_END : State.NAME;
    } else {
      appendBackslashes(backslashes, (byte) '*', masked);
      masked.appendByte((byte) '*');
    }
  }

  private boolean isEnd(byte b) {
    if (state == State.PARAMETER) {
      var isEscape = backslashes > 0 && b != '/' && b != 'u';
      return isEscape || b == '&' || b == '"' || isSpace(b);
    }
    // Each level of nesting doubles the backslashes and adds one before a quote.
    return b == '"' && (backslashes < depth || (backslashes - depth) % (2 * (depth + 1)) == 0);
  }

  private void appendBackslashes(int count, byte as, Buffer masked) {
    for (int i = 0; i < count; i++) {
      masked.appendByte(as);
    }
    backslashes -= count;
  }

  private void read(byte b) {
    var digit = missingDigits > 0 ? Character.digit(b, 16) : -1;
    if (digit >= 0) {
      escaped = escaped * 16 + digit;
      missingDigits--;
      if (missingDigits == 0) {
        unescaped((char) escaped);
      }
    } else if (b == '%' && inQueries) {
      beginEscape(HEX_DIGITS_IN_URLS);
    } else if (b == '\\') {
      missingDigits = 0;
      backslashes++;
    } else if (b == 'u' && backslashes > 0) {
      beginEscape(HEX_DIGITS);
    } else if (b != 0) {
      // In UTF-16, every second byte is 0.
      missingDigits = 0;
      // The other escapes of letters are those of white space.
      character(backslashes > 0 && isWord((char) b) ? ' ' : (char) b);
    }
  }

  private void beginEscape(int digits) {
    missingDigits = digits;
    escaped = 0;
  }

  private void unescaped(char c) {
    if (c == '%' && inQueries) {
      // The text was escaped twice.
      beginEscape(HEX_DIGITS_IN_URLS);
    } else {
      character(c);
    }
  }

  private void character(char c) {
    if ((state == State.COLON && c == ':') || (state == State.ELEMENT_END && c == ',')) {
      state = State.VALUE_BEGIN;
    } else if (state == State.VALUE_BEGIN && c == '[') {
      isInList = true;
    } else if (state == State.VALUE_BEGIN && c == '"') {
      depth = backslashes;
      state = State.STRING;
    } else if (state == State.NAME || !isSpace(c)) {
      inName(c);
    }
    backslashes = 0;
  }

  private void inName(char c) {
    isInList = false;
    if (isWord(c)) {
      if (nameLength == LONGEST_NAME) {
        // Only the end of a name matters, so its beginning can be dropped.
        System.arraycopy(name, LONGEST_NAME / 2, name, 0, LONGEST_NAME / 2);
        nameLength = LONGEST_NAME / 2;
      }
      name[nameLength++] = (byte) c;
      state = State.NAME;
      return;
    }
    var isSecretName =
        nameLength > 0
            && (c == '"' || (c == '=' && inQueries))
            && isSecret.test(new String(name, 0, nameLength, US_ASCII).toLowerCase(Locale.ROOT));
    nameLength = 0;
    state = !isSecretName ? State.NAME : c == '=' ? State.PARAMETER : State.COLON;
  }

  private static boolean isWord(char b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
  }

  private static boolean isSpace(int b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
