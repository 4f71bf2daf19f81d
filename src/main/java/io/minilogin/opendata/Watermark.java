package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/**
 * Checks what WeChat puts into all open data: for which app it encrypted them, and when. The
 * settings are checked at the start.
 */
@Startup
@Singleton
class Watermark {
  private final Duration phoneNumberMaxAge;
  private final Duration maxAge;
  private final Clock clock;

  Watermark(OpenDataSettings settings, Clock clock) {
    this.phoneNumberMaxAge =
        notNegative("open-data.phone-number-max-age", settings.phoneNumberMaxAge());
    this.maxAge = notNegative("open-data.max-age", settings.maxAge());
    this.clock = clock;
  }

  boolean isOf(String appid, JsonNode data) {
    return appid.equals(data.path("watermark").path("appid").textValue());
  }

  /** Also if they do not say when they were made, where that matters. */
  boolean isTooOld(JsonNode data) {
    var limit = isPhoneNumber(data) ? phoneNumberMaxAge : maxAge;
    var timestamp = data.path("watermark").path("timestamp");
    return !limit.isZero()
        && (!timestamp.canConvertToLong()
            || timestamp.asLong() < clock.instant().minus(limit).getEpochSecond());
  }

  /** By both names: the first one lies where a client can change it unnoticed. */
  private static boolean isPhoneNumber(JsonNode data) {
    return data.has("phoneNumber") || data.has("purePhoneNumber");
  }

  private static Duration notNegative(String property, Duration value) {
    if (value.isNegative() || value.compareTo(Duration.ofDays(3650)) > 0) {
      throw new ConfigurationException(property + " must be between 0 and ten years");
    }
    return value;
  }
}
