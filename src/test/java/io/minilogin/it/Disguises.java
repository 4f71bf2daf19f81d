package io.minilogin.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The encodings in which a secret may appear in a text: verbatim, base64 at any offset of the
 * encoded data, hexadecimal, percent-encoded, and the bytes that the secret encodes as base64.
 */
final class Disguises {
  private Disguises() {}

  static Set<String> of(String secret) {
    var forms = new LinkedHashSet<String>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, UTF_8));
    addEncoded(forms, secret.getBytes(UTF_8));
    if (secret.startsWith("mlt_")) {
      addDecoded(forms, Base64.getUrlDecoder().decode(secret.substring(4)));
    } else if (secret.length() == 24 && secret.endsWith("==")) {
      addDecoded(forms, Base64.getDecoder().decode(secret));
    }
    return forms;
  }

  private static void addDecoded(Set<String> forms, byte[] bytes) {
    forms.add(new String(bytes, ISO_8859_1));
    addEncoded(forms, bytes);
  }

  private static void addEncoded(Set<String> forms, byte[] bytes) {
    forms.add(HexFormat.of().formatHex(bytes));
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    for (int shift = 0; shift < 3; shift++) {
      // If other bytes precede it, all characters except the first and last ones stay the same.
      var shifted = new byte[shift + bytes.length];
      System.arraycopy(bytes, 0, shifted, shift, bytes.length);
      var whole = Arrays.copyOf(shifted, shifted.length - shifted.length % 3);
      var from = shift == 0 ? 0 : 4;
      forms.add(Base64.getEncoder().encodeToString(whole).substring(from));
      forms.add(Base64.getUrlEncoder().encodeToString(whole).substring(from));
    }
  }
}
