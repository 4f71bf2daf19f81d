package io.minilogin.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.start.SettingFiles.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingFilesTest {
  private static final byte[] BINARY = {(byte) 0xC3, (byte) 0x28, 0, (byte) 0xFF};

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("wechat.secret"), "a secret\n");
    Files.writeString(folder.resolve("CLIENTS_0__SECRET"), "another");
  }

  @Test
  void aFileIsThePropertyOfItsName() {
    var files = new Folder(folder);
    assertThat(files.getValue("wechat.secret")).isEqualTo("a secret");
    assertThat(files.getValue("clients[0].secret")).isEqualTo("another");
    assertThat(files.getValue("wechat.appid")).isNull();
  }

  @Test
  void filesThatAreNoTextDoNotHideTheOthers() throws IOException {
    Files.write(folder.resolve("truststore.p12"), BINARY);
    Files.write(folder.resolve("session.lifetime"), BINARY);
    Files.write(folder.resolve(".hidden"), BINARY);
    Files.write(folder.resolve("large.txt"), new byte[SettingFiles.LARGEST + 1]);
    Files.createDirectory(folder.resolve("wechat.appid"));
    var files = new Folder(folder);
    assertThat(files.getPropertyNames())
        .containsExactlyInAnyOrder("wechat.secret", "CLIENTS_0__SECRET");
    assertThat(files.getValue("wechat.secret")).isEqualTo("a secret");
  }

  @Test
  void aFolderThatIsNotThereHasNone() {
    assertThat(new Folder(folder.resolve("missing")).getPropertyNames()).isEmpty();
  }
}
