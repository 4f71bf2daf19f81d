package io.minilogin.opendata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.minilogin.app.Secret;
import io.minilogin.opendata.OpenDataCipher.Decrypted;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.SessionKeys;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decrypts and validates open data from WeChat's client API.
 *
 * <p>A session key fits if the padding is valid and the plaintext is JSON. Invalid padding and a
 * plaintext that is not JSON take the same work and lead to the same response; a difference would
 * be a padding oracle. Decrypted data that belong to another app, are too old or have a wrong
 * signature are rejected. If no key fits, the keys are stale: the user has most likely logged in
 * somewhere else. A wrong signature is not reported then, because it was made with the unknown key.
 */
@Singleton
class OpenDataReader {
  /**
   * Accepts duplicate fields, and raw control characters and broken UTF-8 in strings that users
   * chose: WeChat sends them. Nothing may follow the object.
   */
  private static final ObjectReader JSON =
      new ObjectMapper()
          .reader()
          .with(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Watermark watermark;

  /** The data, decrypted with a session key that fits. */
  private record Decoded(String text, boolean isUtf8, JsonNode value, boolean isSigned) {}

  OpenDataReader(Watermark watermark) {
    this.watermark = watermark;
  }

  /**
   * Returns the decrypted data. Throws {@code open-data-rejected} or {@code session-key-stale} if
   * they are invalid.
   *
   * @param appid the app that the data must belong to
   * @param keys the session keys; the first that fits is used
   */
  OpenData read(EncryptedData data, String appid, List<Secret> keys) {
    // All keys are tried, so that the time does not reveal which key fits.
    var fitting = keys.stream().flatMap(key -> decoded(data, key).stream()).toList();
    if (fitting.isEmpty()) {
      throw new ProblemException(SessionKeys.STALE);
    }
    var decoded = fitting.get(0);
    if (!decoded.isSigned()) {
      throw rejected("The signature does not match rawData.");
    }
    if (!decoded.value().isObject() || !watermark.isOf(appid, decoded.value())) {
      throw rejected("The data belong to another app.");
    }
    if (watermark.isTooOld(decoded.value())) {
      throw rejected("The data are too old.");
    }
    return OpenData.of(decoded.text(), decoded.isUtf8(), decoded.value());
  }

  private Optional<Decoded> decoded(EncryptedData data, Secret key) {
    var isSigned = data.isSignedWith(key);
    return OpenDataCipher.decrypt(data, key).flatMap(decrypted -> decoded(decrypted, isSigned));
  }

  private Optional<Decoded> decoded(Decrypted decrypted, boolean isSigned) {
    try {
      // Broken UTF-8 becomes U+FFFD, which is invalid JSON outside of a string.
      var text = new String(decrypted.bytes(), UTF_8);
      var isUtf8 = Arrays.equals(text.getBytes(UTF_8), decrypted.bytes());
      var value = JSON.readTree(text);
      return decrypted.isPadded() && !value.isMissingNode()
          ? Optional.of(new Decoded(text, isUtf8, value, isSigned))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      // Same result as invalid padding.
      return Optional.empty();
    }
  }

  private static ProblemException rejected(String detail) {
    return new ProblemException(Problem.of(ProblemType.OPEN_DATA_REJECTED, detail));
  }
}
