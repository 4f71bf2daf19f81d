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
 * Reads what WeChat's client API handed over, and checks that it is what it should be.
 *
 * <p>A session key fits if the padding is right and the plaintext is JSON. A wrong padding and a
 * plaintext that is no JSON are one case, in what is done and in what is answered: the difference
 * would be a padding oracle. What can be read but is not ours, or too old, or does not go with its
 * signature, is rejected; if no key fits, the keys are stale: the user has most likely logged in
 * somewhere else, and a signature of that time then is no more wrong than the data are.
 */
@Singleton
class OpenDataReader {
  /**
   * WeChat may name a field twice, and texts that users chose may have raw control characters and
   * broken UTF-8, but nothing follows the object.
   */
  private static final ObjectReader JSON =
      new ObjectMapper()
          .reader()
          .with(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Watermark watermark;

  /** What a session key makes of the data, if it fits. */
  private record Decoded(String text, boolean isUtf8, JsonNode value, boolean isSigned) {}

  OpenDataReader(Watermark watermark) {
    this.watermark = watermark;
  }

  /**
   * The data. An {@code open-data-rejected} or {@code session-key-stale} if there is something
   * wrong with them.
   *
   * @param appid the app that they must be of
   * @param keys the first that fits counts
   */
  OpenData read(EncryptedData data, String appid, List<Secret> keys) {
    // All of them are tried, so that the time does not tell which one fits.
    var fitting = keys.stream().flatMap(key -> decoded(data, key).stream()).toList();
    if (fitting.isEmpty()) {
      throw new ProblemException(SessionKeys.STALE);
    }
    var decoded = fitting.get(0);
    if (!decoded.isSigned()) {
      throw rejected("The signature is not that of rawData.");
    }
    if (!decoded.value().isObject() || !watermark.isOf(appid, decoded.value())) {
      throw rejected("The data are not this app's.");
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
      // Broken UTF-8 becomes U+FFFD, which outside of a string is no JSON.
      var text = new String(decrypted.bytes(), UTF_8);
      var isUtf8 = Arrays.equals(text.getBytes(UTF_8), decrypted.bytes());
      var value = JSON.readTree(text);
      return decrypted.isPadded() && !value.isMissingNode()
          ? Optional.of(new Decoded(text, isUtf8, value, isSigned))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      // It looks like a wrong padding.
      return Optional.empty();
    }
  }

  private static ProblemException rejected(String detail) {
    return new ProblemException(Problem.of(ProblemType.OPEN_DATA_REJECTED, detail));
  }
}
