package io.minilogin.opendata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.util.Base64;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OpenDataRequestTest {
  private static final String BLOCK = base64(16);

  @Example
  void wholeBlocksAndAnIvAreEnough() {
    var data = OpenDataRequest.checked(new OpenDataRequest(base64(32), BLOCK, null, null));
    assertThat(data.ciphertext()).hasSize(32);
    assertThat(data.iv()).hasSize(16);
    assertThat(data.signed()).isEmpty();
  }

  @Example
  void rawDataRequiresASignature() {
    var data = OpenDataRequest.checked(new OpenDataRequest(BLOCK, BLOCK, "raw", "signature"));
    assertThat(data.signed()).contains(new EncryptedData.Signed("raw", "signature"));
    assertRefused("\"signature\"", new OpenDataRequest(BLOCK, BLOCK, "raw", null));
    assertRefused("\"rawData\"", new OpenDataRequest(BLOCK, BLOCK, null, "signature"));
  }

  @Example
  void missingBodyOrFieldIsRejected() {
    assertRefused("object", null);
    for (var nothing : new String[] {null, "", "  "}) {
      assertRefused("\"encryptedData\"", new OpenDataRequest(nothing, BLOCK, null, null));
      assertRefused("\"iv\"", new OpenDataRequest(BLOCK, nothing, null, null));
    }
  }

  @Example
  void invalidBase64IsRejected() {
    for (var text : new String[] {"%%%%", "a b=", "AAAA-_==", "小明", BLOCK + "\n", BLOCK + "="}) {
      assertRefused("\"encryptedData\"", new OpenDataRequest(text, BLOCK, null, null));
      assertRefused("\"iv\"", new OpenDataRequest(BLOCK, text, null, null));
    }
  }

  @Property
  void onlyWholeBlocksAreAccepted(@ForAll @IntRange(min = 1, max = 100) int bytes) {
    var request = new OpenDataRequest(base64(bytes), BLOCK, null, null);
    if (bytes % 16 == 0) {
      assertThat(OpenDataRequest.checked(request).ciphertext()).hasSize(bytes);
    } else {
      assertRefused("\"encryptedData\"", request);
    }
  }

  @Property
  void ivMustHaveSixteenBytes(@ForAll @IntRange(min = 1, max = 40) int bytes) {
    if (bytes != 16) {
      assertRefused("\"iv\"", new OpenDataRequest(BLOCK, base64(bytes), null, null));
    }
  }

  @Property
  void anyTextIsAcceptedOrRejected(
      @ForAll String data, @ForAll String iv, @ForAll String raw, @ForAll String signature) {
    try {
      OpenDataRequest.checked(new OpenDataRequest(data, iv, raw, signature));
    } catch (ProblemException e) {
      assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
    }
  }

  private static void assertRefused(String detail, OpenDataRequest request) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> OpenDataRequest.checked(request))
        .satisfies(
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
              assertThat(e.problem().detail()).contains(detail);
            });
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
