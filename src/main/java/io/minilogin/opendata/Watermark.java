package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.app.Setting;
import io.quarkus.runtime.Startup;
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
}
