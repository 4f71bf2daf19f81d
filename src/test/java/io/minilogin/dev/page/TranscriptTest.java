package io.minilogin.dev.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"access_token\":\"mlt_0123456789\",\"expires_in\":7200} | {\"access_token\":\"mlt_01…\",\"expires_in\":7200}",
        "{\"session_key\": \"abcdefghijkl==\"} | {\"session_key\": \"abcdef…\"}",
        "GET /x?appid=wx1&secret=0123456789&js_code=alice.1 | GET /x?appid=wx1&secret=012345…&js_code=alice.1",
        "token=mlt_0123456789 | token=mlt_01…",
        "Authorization: Bearer mlt_0123456789 | Authorization: Bearer mlt_01…",
        "{\"openid\":\"o0123456789\"} | {\"openid\":\"o0123456789\"}"
      })
  void secretsAreShortened(String text, String shown) {
    var transcript = new Transcript();
    transcript.add(text);
    assertThat(transcript.text()).isEqualTo(shown);
  }
}
