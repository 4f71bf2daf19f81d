package io.minilogin.it.gateway;

import static com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The blocks on the pages of gateways that no test runs can be parsed. */
class GatewayPagesTest {
  private static final String ALL = "io.minilogin.it.gateway.GatewayPage#all";
  private static final String WITH_A_QUESTION = "io.minilogin.it.gateway.GatewayPage#withAQuestion";
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory().enable(STRICT_DUPLICATE_DETECTION));
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void pagesOfAllUntestedGatewaysAreFound() {
    assertThat(GatewayPage.withAQuestion())
        .extracting(GatewayPage::name)
        .contains("apisix", "envoy", "gateway-api", "higress", "istio", "traefik");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void blocksAreValidYamlAndJson(GatewayPage page) throws IOException {
    for (var block : page.blocks("yaml")) {
      assertThat(documents(YAML, block))
          .isNotEmpty()
          .allSatisfy(document -> assertThat(document.isObject()).isTrue());
    }
    for (var block : page.blocks("json")) {
      assertThat(documents(JSON, block)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(WITH_A_QUESTION)
  void configurationNamesEveryIdentityHeader(GatewayPage page) {
    assertThat(page.blocks("yaml"))
        .isNotEmpty()
        .allSatisfy(
            block ->
                assertThat(Verdicts.IDENTITY)
                    .allSatisfy(name -> assertThat(block).containsIgnoringCase(name)));
  }

  @ParameterizedTest
  @MethodSource(WITH_A_QUESTION)
  void configurationRoutesSessionEndpointsButNotTheManagementPort(GatewayPage page) {
    assertThat(page.blocks("yaml").get(0)).contains("/login", "/session", "/sessions", "/push");
    assertThat(page.blocks("yaml")).noneSatisfy(block -> assertThat(block).contains("9000"));
  }

  @ParameterizedTest
  @MethodSource(WITH_A_QUESTION)
  void configurationAllowsListedOriginsWithoutCredentials(GatewayPage page) {
    assertThat(page.blocks("yaml"))
        .allSatisfy(
            block ->
                assertThat(block)
                    .contains(CorsContract.LISTED, "DELETE", "Retry-After")
                    .doesNotContainPattern("(?i)credentials?\"?: *\"?true"));
  }

  @ParameterizedTest
  @MethodSource(WITH_A_QUESTION)
  void checkRequestAndConfigurationHaveTheIdsOfTheRequest(GatewayPage page) {
    assertThat(page.question().headers())
        .anySatisfy(line -> assertThat(line).startsWithIgnoringCase("traceparent: "))
        .anySatisfy(line -> assertThat(line).startsWithIgnoringCase("x-request-id: "));
    assertThat(page.blocks("yaml"))
        .allSatisfy(
            block ->
                assertThat(block)
                    .containsIgnoringCase("traceparent")
                    .containsIgnoringCase("x-request-id"));
  }

  @ParameterizedTest
  @MethodSource(WITH_A_QUESTION)
  void pageEndsWithTheCheckRequestOfTheGateway(GatewayPage page) {
    assertThat(page.blocks("http")).hasSize(1);
    var question = page.question();
    assertThat(question.target()).matches("/verify(/.*)?");
    assertThat(question.headers())
        .filteredOn(line -> line.contains(Question.TOKEN))
        .singleElement()
        .asString()
        .isEqualToIgnoringCase("Authorization: Bearer " + Question.TOKEN);
  }

  private static List<JsonNode> documents(ObjectMapper reader, String block) throws IOException {
    try (var parser = reader.createParser(block)) {
      return reader.readValues(parser, JsonNode.class).readAll();
    }
  }
}
