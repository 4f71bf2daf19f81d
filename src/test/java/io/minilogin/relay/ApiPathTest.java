package io.minilogin.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/wxa/msg_sec_check",
        "/cgi-bin/message/custom/send",
        "/wxaapi/newtmpl/addtemplate",
        "/datacube/getweanalysisappiddailyvisittrend",
        "/cgi-bin/clear_quota",
        "/cgi-bin/tokens",
        "/snsx/a",
        "/a.b/c~d"
      })
  void pathsOfWechatAreRelayedUnchanged(String path) {
    assertThat(ApiTarget.of("/wechat" + path + "?a=b").path())
        .contains(new ApiPath(path))
        .get()
        .matches(ApiPath::isPassedOn);
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void pathsOfTheServiceAreNotRelayedInAnySpelling(String target) {
    assertThat(ApiTarget.of(target).path().filter(ApiPath::isPassedOn)).isEmpty();
  }

  static Stream<String> spellings() {
    return Traversals.all();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/wechat/../session",
        "/wechat/..",
        "/wechat/wxa/./x",
        "/wechat/wxa/.",
        "/wechat/%2e%2e/session",
        "/wechat/.%2E/session?a=b",
        "/wechat/%252e%252e/session",
        "/wechat/%25252e./session",
        "/wechat/..;a=b/session",
        "/wechat/..%2fsession",
        "/wechat\\..\\session",
        "/wechat/..%5csession",
        "/wechat/..%00/session",
        "/wechat/..%20/session",
        "/wechat/..#/session",
      })
  void dotSegmentsAreFoundInAnySpelling(String target) {
    assertThat(ApiPath.hasDotSegment(target)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/wechat/wxa/a..b",
        "/wechat/wxa/.hidden",
        "/wechat/wxa/...",
        "/wechat/wxa/x?path=/../y",
        "/wechat/wxa/%zz/%",
        "/wechat"
      })
  void otherDotsAreNotDotSegments(String target) {
    assertThat(ApiPath.hasDotSegment(target)).isFalse();
  }

  @Test
  void spellingsAreNumerous() {
    assertThat(spellings().distinct()).hasSizeGreaterThan(200);
  }
}
