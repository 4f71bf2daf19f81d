package io.minilogin.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The service's ObjectMapper, for tests without a container. */
public final class StrictMapper {
  private StrictMapper() {}

  public static ObjectMapper create() {
    // As Quarkus configures its own.
    var mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    new StrictJson().customize(mapper);
    return mapper;
  }
}
