package io.minilogin.http;

import jakarta.ws.rs.core.MediaType;
import java.util.Set;

/** The media type that a path's bodies have: JAX-RS does not tell its exception mappers. */
final class BodyType {
  private static final Set<String> FORMS = Set.of("/introspect", "/revoke");

  private BodyType() {}

  static String on(String path) {
    return FORMS.contains(path)
        ? MediaType.APPLICATION_FORM_URLENCODED
        : MediaType.APPLICATION_JSON;
  }
}
