package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Checks the watermark in open data: the app that WeChat encrypted the data for, and the time. The
 * settings are validated at the start.
 */
@Startup
@Singleton
class Watermark {
  private static final String PHONE_NUMBER_MAX_AGE = "open-data.phone-number-max-age";
  private static final String MAX_AGE = "open-data.max-age";
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final Duration phoneNumberMaxAge;
  private final Duration maxAge;
  private final Clock clock;

  /** Reads the maximum age of open data with and without a phone number. 0 allows any age. */
  Watermark(
      @ConfigProperty(name = PHONE_NUMBER_MAX_AGE, defaultValue = "5M") Duration phoneNumberMaxAge,
      @ConfigProperty(name = MAX_AGE, defaultValue = "0S") Duration maxAge,
      Clock clock) {
    this.phoneNumberMaxAge =
        Setting.between(PHONE_NUMBER_MAX_AGE, phoneNumberMaxAge, Duration.ZERO, LONGEST);
    this.maxAge = Setting.between(MAX_AGE, maxAge, Duration.ZERO, LONGEST);
    this.clock = clock;
  }

  boolean isOf(String appid, JsonNode data) {
    return appid.equals(data.path("watermark").path("appid").textValue());
  }

  /**
   * Whether the data are too old. Data without a timestamp are too old if there is a maximum age.
   */
  boolean isTooOld(JsonNode data) {
    var limit = isPhoneNumber(data) ? phoneNumberMaxAge : maxAge;
    var timestamp = data.path("watermark").path("timestamp");
    return !limit.isZero()
        && (!timestamp.canConvertToLong()
            || timestamp.asLong() < clock.instant().minus(limit).getEpochSecond());
  }

  /**
   * Checks both names, because a client can change the first one unnoticed: it is in the first 16
   * bytes.
   */
  private static boolean isPhoneNumber(JsonNode data) {
    return data.has("phoneNumber") || data.has("purePhoneNumber");
  }
}
