package io.minilogin.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTargetTest {
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
