package io.minilogin.dev.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.page.RespReader.Line;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RespReaderTest {
  private final List<Object> messages = new ArrayList<>();
  private final RespReader reader = new RespReader(messages::add);

  @Test
  void messagesAreReadWhereverTheyAreSplit() {
    var stream = "*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\n+OK\r\n$-1\r\n%1\r\n+k\r\n:1\r\n-ERR no\r\n";
    stream.chars().forEach(each -> reader.read(Buffer.buffer(Character.toString(each))));
    assertThat(texts(messages))
        .isEqualTo(List.of(List.of("GET", "a\r\nb"), "+OK", "_", List.of("+k", ":1"), "-ERR no"));
  }

  @Test
  void unknownMessageEndsTheReading() {
    reader.read(Buffer.buffer("+OK\r\nhello\r\n+OK\r\n"));
    reader.read(Buffer.buffer("+OK\r\n"));
    assertThat(texts(messages)).isEqualTo(List.of("+OK"));
  }

  private static Object texts(Object message) {
    if (message instanceof List<?> list) {
      return list.stream().map(RespReaderTest::texts).toList();
    }
    return message instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : ((Line) message).text();
  }
}
