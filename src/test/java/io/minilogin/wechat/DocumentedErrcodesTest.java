package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for operators list each errcode and each outcome of a call to WeChat. */
class DocumentedErrcodesTest {
  private static final Pattern NUMBER = Pattern.compile("\\b\\d{5}\\b");

  @ParameterizedTest
  @ValueSource(strings = {"docs/kubernetes.md", "docs/zh/kubernetes.md"})
  void pageListsErrcodesThatAnOperatorMustRemove(String page) throws IOException {
    var documented =
        NUMBER
            .matcher(Files.readString(Path.of(page)))
            .results()
            .map(number -> Integer.parseInt(number.group()))
            .toList();
    assertThat(documented)
        .containsAll(Errcode.all(Refusal.APP_MISCONFIGURED).map(Errcode::number).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/metrics.md", "docs/zh/metrics.md"})
  void pageListsOutcomesOfCalls(String page) throws IOException {
    assertThat(Files.readString(Path.of(page)))
        .contains(
            Arrays.stream(Refusal.values())
                // The service gives this answer without a call.
                .filter(refusal -> refusal != Refusal.NO_OTHER_TOKEN)
                .map(refusal -> "`" + refusal.metricName() + "`")
                .toList());
  }
}
