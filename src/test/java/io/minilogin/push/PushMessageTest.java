package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.push.PushMessage.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushMessageTest {
  private static final String XML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- a comment -->
      <xml>
        <ToUserName><![CDATA[gh_1]]></ToUserName>
        <FromUserName> <![CDATA[o-1]]> </FromUserName>
        <CreateTime>1700000000</CreateTime>
        <Event><![CDATA[a<b]]>&amp;c</Event>
        <Goods><Event>inner</Event><Name>x</Name></Goods>
        <Empty/>
      </xml>
      """;

  @ParameterizedTest
  @ValueSource(strings = {"OpenID", "openid", "OPENID", " OpenID"})
  void fieldIsFoundInAnyCaseAndWithoutBlanks(String name) {
    for (var spelling : new String[] {"OpenID", " OpenID", "openId ", "OPENID"}) {
      var message = read("{\"%s\":\" o-1 \"}".formatted(spelling)).orElseThrow();
      assertThat(message.field(name)).contains("o-1");
    }
  }

  @Test
  void jsonHasTheFieldsOfItsFirstLevel() {
    var message =
        read("""
                {"MsgId":23637352235060880,"Goods":{"Event":"inner"},"List":["a",{"Event":"b"}],
                 "Event":"outer","Text":"a\nb","Flag":true,"Nothing":null,"Blank":" ",}
                """
                .replace("\\n", "\n"))
            .orElseThrow();
    assertThat(message.format()).isEqualTo(Format.JSON);
    assertThat(message.field("Event")).contains("outer");
    assertThat(message.field("MsgId")).contains("23637352235060880");
    assertThat(message.field("Text")).contains("a\nb");
    assertThat(message.field("Flag")).contains("true");
    assertThat(message.field("Goods")).isEmpty();
    assertThat(message.field("Nothing")).isEmpty();
    assertThat(message.field("Blank")).isEmpty();
    assertThat(message.field("Missing")).isEmpty();
  }

  @Test
  void xmlHasTheFieldsOfItsFirstLevel() {
    var message = read(XML).orElseThrow();
    assertThat(message.format()).isEqualTo(Format.XML);
    assertThat(message.field("ToUserName")).contains("gh_1");
    assertThat(message.field("FromUserName")).contains("o-1");
    assertThat(message.field("CreateTime")).contains("1700000000");
    assertThat(message.field("Event")).contains("a<b&c");
    assertThat(message.field("Goods")).isEmpty();
    assertThat(message.field("Name")).isEmpty();
    assertThat(message.field("Empty")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "success",
        "[]",
        "\"text\"",
        "{",
        "{\"a\":1}{}",
        "{\"a\":1",
        "{'a':1}",
        "<",
        "<xml>",
        "<xml></xml><xml></xml>",
        "<xml><a>1</b></xml>",
        "<xml>&undefined;</xml>",
        "<xml><a>&undefined;</a></xml>",
        "<!DOCTYPE xml><xml><a>1</a></xml>"
      })
  void malformedMessageIsRefused(String text) {
    assertThat(read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"OpenID\":\"a\",\"OpenID\":\"b\"}",
        "{\"OpenID\":\"a\",\" openid\":\"b\"}",
        "{\"OpenID\":\"a\",\"OpenID\":{\"b\":1}}",
        "{\"OpenID\":null,\"OpenID\":\"a\"}",
        "<xml><OpenID>a</OpenID><openid>b</openid></xml>",
        "<xml><OpenID>a</OpenID><OpenID><b>1</b></OpenID></xml>"
      })
  void fieldWithTwoValuesIsRefused(String text) {
    assertThat(read(text)).isEmpty();
  }

  @Test
  void repeatedFieldWithTheSameValueIsAccepted() {
    assertThat(read("{\"OpenID\":\"a\",\"openid\":\"a\"}").orElseThrow().field("OpenID"))
        .contains("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"ErrCode\":1}", "<xml><ErrCode>1</ErrCode></xml>"})
  void byteOrderMarkIsIgnored(String text) {
    assertThat(read("\uFEFF" + text).orElseThrow().field("ErrCode")).contains("1");
  }

  @Test
  void entitiesAreNotResolved(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("secret.txt"), "a-secret");
    assertThat(
            read(
                "<!DOCTYPE xml [<!ENTITY e SYSTEM \"%s\">]><xml><a>&e;</a></xml>"
                    .formatted(file.toUri())))
        .isEmpty();
    assertThat(
            read(
                "<!DOCTYPE xml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xml><c>&b;</c></xml>"))
        .isEmpty();
  }

  @Test
  void deeplyNestedMessagesAreReadOrRefused() {
    assertThat(read("<a>".repeat(10_000) + "</a>".repeat(10_000))).isPresent();
    assertThat(read("{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}")).isEmpty();
  }

  private static Optional<PushMessage> read(String text) {
    return PushMessage.read(text.getBytes(UTF_8));
  }
}
