package io.minilogin.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The test vectors for SHA-256 in RFC 5869, appendix A. */
class HkdfTest {
  @Test
  void basicCaseOfAppendixA1() {
    assertThat(
            derive(
                "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
                "000102030405060708090a0b0c",
                "f0f1f2f3f4f5f6f7f8f9",
                42))
        .isEqualTo(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  @Test
  void longerInputsAndOutputsOfAppendixA2() {
    assertThat(derive(range(0x00, 0x4f), range(0x60, 0xaf), range(0xb0, 0xff), 82))
        .isEqualTo(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  @Test
  void emptySaltAndInfoOfAppendixA3() {
    assertThat(derive("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", 42))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @Test
  void shorterOutputIsAPrefixOfALongerOutput() {
    var hkdf = Hkdf.extract(new byte[13], new byte[22]);
    assertThat(hkdf.expand("label", 32)).startsWith(hkdf.expand("label", 4));
    assertThat(hkdf.expand("label", 64)).startsWith(hkdf.expand("label", 32));
  }

  private static String derive(String keyMaterial, String salt, String info, int length) {
    return HexFormat.of()
        .formatHex(Hkdf.extract(bytes(salt), bytes(keyMaterial)).expand(bytes(info), length));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String range(int first, int last) {
    var hex = new StringBuilder();
    for (int i = first; i <= last; i++) {
      hex.append("%02x".formatted(i));
    }
    return hex.toString();
  }
}
