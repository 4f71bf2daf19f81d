package io.minilogin.opendata;

import java.time.Clock;
import java.time.Duration;

/** Settings of open data for tests. */
record MaxAges(Duration phoneNumberMaxAge, Duration maxAge) implements OpenDataSettings {
  static Watermark watermark(Duration phoneNumber, Duration other, Clock clock) {
    return new Watermark(new MaxAges(phoneNumber, other), clock);
  }
}
