package io.minilogin.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Creates the ObjectMapper of the service, for tests without a container. */
public final class StrictMapper {
  private StrictMapper() {}

  public static ObjectMapper create() {
    // Quarkus configures its ObjectMapper like this.
    var mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    new StrictJson().customize(mapper);
    return mapper;
  }
}
