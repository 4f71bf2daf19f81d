package io.minilogin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.stream.Collectors;

/**
 * Describes JSON errors in the service's own words: Jackson's messages quote the body and name
 * classes.
 */
final class MalformedJson {
  private MalformedJson() {}

  static String describe(Throwable cause) {
    if (cause instanceof MismatchedInputException mismatch && !mismatch.getPath().isEmpty()) {
      var field =
          mismatch.getPath().stream().map(Reference::getFieldName).collect(Collectors.joining("."));
      return "The field \"" + field + "\" has the wrong type.";
    }
    if (cause instanceof MismatchedInputException) {
      return "The body must be one JSON object.";
    }
    if (cause instanceof JsonProcessingException syntax && syntax.getLocation() != null) {
      var place = syntax.getLocation();
      return "The body is not valid JSON: see line %d, column %d."
          .formatted(place.getLineNr(), place.getColumnNr());
    }
    return "The body is not valid JSON.";
  }
}
