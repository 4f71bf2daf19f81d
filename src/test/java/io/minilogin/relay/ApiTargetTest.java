package io.minilogin.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTargetTest {
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
    var target = ApiTarget.of("/wechat" + path + "?a=b");
    assertThat(target.isPassedOn()).isTrue();
    assertThat(target.path()).contains(path);
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void pathsOfTheServiceAreNotRelayedInAnySpelling(String target) {
    assertThat(ApiTarget.of(target).isPassedOn()).isFalse();
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
    assertThat(ApiTarget.hasDotSegment(target)).isTrue();
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
    assertThat(ApiTarget.hasDotSegment(target)).isFalse();
  }

  @Test
  void spellingsAreNumerous() {
    assertThat(spellings().distinct()).hasSizeGreaterThan(200);
  }

  @ParameterizedTest
  @CsvSource({
    "a=b,a=b",
    "access_token=x,''",
    "a=b&access_token=x&c=d,a=b&c=d",
    "access%5Ftoken=x&c=d,c=d",
    "ACCESS_TOKEN=x&%61ccess_token=y,''",
    "access_token&c,c",
    "cloudbase_access_token=x&component_access_token=y&authorizer_access_token=z&q=1,q=1",
    "from_appid=wx1&q=%20+%zz&&=,q=%20+%zz&&=",
    "my_access_token=x,my_access_token=x",
    "a=1&a=2;access=3,a=1&a=2;access=3",
    "q=\u00e4,q=%E4"
  })
  void queryIsKeptByteForByteExceptTokens(String query, String kept) {
    assertThat(ApiTarget.of("/wechat/wxa/x?" + query).query()).isEqualTo(kept);
  }

  @Test
  void removedParametersAreDecoded() {
    var target = ApiTarget.of("/wechat/wxa/x?access_token=a%2Bb&from_appid=wx1&from_appid=wx1");
    assertThat(target.tokens()).containsExactly("a+b");
    assertThat(target.appids()).isEqualTo(List.of("wx1"));
  }
}
