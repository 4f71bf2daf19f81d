package io.minilogin.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.PaymentKeys;
import io.minilogin.app.Secret;
import io.minilogin.problem.RequiredField;
import io.minilogin.session.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Data to sign.
 *
 * @param purpose a text of low cardinality for the log
 * @param data the bytes that are signed
 * @param user the user whose session key signs; empty for no {@code signature}
 * @param payment the key and the URI of {@code pay_sig}; empty for no {@code pay_sig}
 */
public record SigningRequest(
    String purpose, byte[] data, Optional<UserId> user, Optional<Payment> payment) {
  /** Size limit of data that a client sends to be signed, in bytes of UTF-8. */
  private static final int LARGEST = 16 * 1024;

  /** Length limit of a URI in characters. WeChat's longest paths have about 40. */
  private static final int LONGEST_URI = 256;

  /**
   * The key and the URI of a {@code pay_sig}.
   *
   * @param key the live or the sandbox key of the app
   * @param uri the part of the signed text before the data
   */
  public record Payment(Secret key, String uri) {}

  /**
   * Validates the data that a client sends to be signed.
   *
   * @param uri the URI for a {@code pay_sig}; null for no {@code pay_sig}
   * @throws io.minilogin.problem.ProblemException 400 for invalid input, and if the payment key is
   *     not configured
   */
  public static SigningRequest of(
      UserId user, PaymentKeys keys, @Nullable String data, @Nullable String uri) {
    var bytes = bytes(data);
    if (uri == null) {
      return new SigningRequest("data", bytes, Optional.of(user), Optional.empty());
    }
    var known =
        PaymentUri.parse(RequiredField.of("uri", uri, LONGEST_URI))
            .orElseThrow(
                () ->
                    RequiredField.invalid(
                        "The field \"uri\" is neither requestVirtualPayment nor"
                            + " requestMidasPaymentGameItem nor a path below /xpay/ or"
                            + " /wxa/game/."));
    var payment = new Payment(key(keys, bytes), known.text());
    return new SigningRequest(known.kind(), bytes, Optional.of(user), Optional.of(payment));
  }

  private static byte[] bytes(@Nullable String data) {
    if (data == null || data.isEmpty()) {
      throw RequiredField.invalid(
          "The field \"data\" is missing or empty. WeChat resets a session key for a signature of"
              + " the empty string.");
    }
    if (!UTF_8.newEncoder().canEncode(data)) {
      throw RequiredField.invalid(
          "The field \"data\" has half a surrogate pair, which UTF-8 cannot encode.");
    }
    var bytes = data.getBytes(UTF_8);
    if (bytes.length > LARGEST) {
      throw RequiredField.invalid("The field \"data\" has over " + LARGEST + " bytes in UTF-8.");
    }
    return bytes;
  }

  private static Secret key(PaymentKeys keys, byte[] data) {
    var json =
        JsonToSign.parse(data)
            .orElseThrow(
                () ->
                    RequiredField.invalid(
                        "The field \"data\" must be a JSON object if there is a \"uri\"."));
    if (!json.hasKnownEnv()) {
      throw RequiredField.invalid(
          "The field \"env\" in \"data\" must be 0 or 1, and must not be repeated.");
    }
    return json.keyOf(keys)
        .orElseThrow(
            () ->
                RequiredField.invalid("The app's payment key for this \"env\" is not configured."));
  }

  @Override
  public String toString() {
    return "SigningRequest";
  }
}
