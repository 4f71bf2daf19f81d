package io.minilogin.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads Content-Type headers that name one media type more than once. Envoy and gateways based on
 * it join two header lines into {@code application/json, application/json}, which JAX-RS does not
 * parse.
 */
final class ContentType {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

  private ContentType() {}

  /**
   * Replaces the request's Content-Type by the media type that the endpoint expects if all values
   * name that type. Parameters do not matter: JSON and forms are UTF-8. Any other Content-Type
   * stays as it is, and JAX-RS refuses it.
   */
  static void simplify(RoutingContext context) {
    var headers = context.request().headers();
    var values = headers.getAll(HttpHeaders.CONTENT_TYPE);
    if (!values.isEmpty()) {
      var expected = Endpoints.bodyType(context.normalizedPath());
      var types = values.stream().flatMap(ContentType::types).toList();
      if (!types.isEmpty() && types.stream().allMatch(expected::equalsIgnoreCase)) {
        headers.set(HttpHeaders.CONTENT_TYPE, expected);
      }
    }
    context.next();
  }

  /** Returns the media types in a list, without their parameters. */
  private static Stream<String> types(String value) {
    return Stream.of(QUOTED.matcher(value).replaceAll("").split(","))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .map(each -> each.split(";", 2)[0].strip());
  }
}
