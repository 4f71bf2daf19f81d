package io.minilogin.it.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpringCloudGatewayPageTest {
  private static final String PAGE = "docs/gateways/spring-cloud-gateway.md";
  private static final Path PROJECT = Path.of("docs/gateways/spring-cloud-gateway");

  @ParameterizedTest
  @CsvSource({
    "java, src/main/java/com/example/gateway/MiniLoginFilter.java",
    "java, src/main/java/com/example/gateway/Cors.java",
    "yaml, src/main/resources/application.yml"
  })
  void pageShowsTheTestedFile(String language, String file) {
    assertThat(PROJECT.resolve(file)).hasContent(Recipe.under(PAGE, "## " + file, language).text());
  }
}
