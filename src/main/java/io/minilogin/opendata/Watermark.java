package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/**
 * Checks the watermark in open data: the app that WeChat encrypted the data for, and the time. The
 * settings are validated at the start.
 */
@Startup
@Singleton
class Watermark {
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final Duration phoneNumberMaxAge;
  private final Duration maxAge;
  private final Clock clock;

  Watermark(OpenDataSettings settings, Clock clock) {
    this.phoneNumberMaxAge =
        Setting.between(
            "open-data.phone-number-max-age", settings.phoneNumberMaxAge(), Duration.ZERO, LONGEST);
    this.maxAge = Setting.between("open-data.max-age", settings.maxAge(), Duration.ZERO, LONGEST);
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
