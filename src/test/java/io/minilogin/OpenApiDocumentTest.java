package io.minilogin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The OpenAPI document is valid and describes exactly the endpoints of the service. */
class OpenApiDocumentTest {

  /** Endpoints on the traffic port that are not JAX-RS resources. */
  private static final List<String> ROUTES =
      List.of("GET /verify", "GET /verify/{path}", "GET /push/{appid}", "POST /push/{appid}");

  @Test
  void documentIsParsedCompletely() throws Exception {
    var document =
        SmallRyeOpenAPI.builder()
            .withCustomStaticFile(
                () -> getClass().getClassLoader().getResourceAsStream(OpenApi.RESOURCE))
            .enableStandardStaticFiles(false)
            .enableModelReader(false)
            .enableAnnotationScan(false)
            .enableStandardFilter(false)
            .build();
    assertThat(document.model().getOpenapi()).isEqualTo("3.1.0");
    // The parser omits unknown properties.
    assertThat(new ObjectMapper().readTree(document.toJSON())).isEqualTo(OpenApi.document());
  }

  @Test
  void documentHasExactlyTheEndpointsOfTheService() {
    var documented = OpenApi.operations().stream().map(OpenApi.Operation::toString);
    var served = Stream.concat(endpoints(), ROUTES.stream()).toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void referencesResolve() {
    OpenApi.forEachObject(
        (place, object) ->
            assertThat(OpenApi.resolved(object).isMissingNode()).as(place).isFalse());
  }

  @Test
  void examplesMatchTheirSchemas() {
    OpenApi.forEachObject(
        (place, object) -> {
          if (object.has("schema")) {
            examples(object)
                .forEach(
                    example ->
                        assertThat(OpenApi.errors(object.path("schema"), example))
                            .as(place)
                            .isEmpty());
          }
        });
  }

  @Test
  void responsesWithABodyHaveAnExample() {
    OpenApi.forEachObject(
        (place, object) ->
            object
                .path("content")
                .forEach(content -> assertThat(examples(content)).as(place).isNotEmpty()));
  }

  @Test
  void operationsHaveAnIdASummaryATagAndASecurityRequirement() {
    var operations = OpenApi.operations();
    assertThat(operations)
        .extracting(operation -> operation.content().path("operationId").asText())
        .doesNotHaveDuplicates()
        .allSatisfy(id -> assertThat(id).isNotEmpty());
    assertThat(operations)
        .allSatisfy(
            operation -> {
              assertThat(operation.content().path("summary").asText()).isNotEmpty();
              assertThat(operation.content().path("security").isArray()).isTrue();
              assertThat(OpenApi.document().path("tags").findValuesAsText("name"))
                  .contains(operation.content().path("tags").path(0).asText());
            });
  }

  private static List<JsonNode> examples(JsonNode object) {
    var all =
        object.path("examples").properties().stream()
            .map(example -> OpenApi.resolved(example.getValue()).path("value"));
    return Stream.concat(all, Optional.ofNullable(object.get("example")).stream()).toList();
  }

  private static Stream<String> endpoints() {
    return ServiceClasses.ALL.stream()
        .filter(type -> type.isAnnotatedWith(Path.class))
        .map(JavaClass::getMethods)
        .flatMap(methods -> methods.stream().flatMap(OpenApiDocumentTest::endpoint));
  }

  private static Stream<String> endpoint(JavaMethod method) {
    return method.getAnnotations().stream()
        .flatMap(annotation -> httpMethod(annotation.getRawType()))
        .map(name -> name + " " + path(method));
  }

  private static Stream<String> httpMethod(JavaClass annotation) {
    return annotation.tryGetAnnotationOfType(HttpMethod.class).map(HttpMethod::value).stream();
  }

  private static String path(JavaMethod method) {
    var ofClass = method.getOwner().getAnnotationOfType(Path.class).value();
    var ofMethod = method.tryGetAnnotationOfType(Path.class).map(Path::value).orElse("");
    return (ofClass + ofMethod).replace("//", "/");
  }
}
