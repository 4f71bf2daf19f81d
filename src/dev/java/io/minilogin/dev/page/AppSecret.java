package io.minilogin.dev.page;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The secret of the first app in files, like a mounted Secret, so that it can be rotated. */
public final class AppSecret {
  private static final String SECRET = "wechat.secret";
  private static final String PREVIOUS = "wechat.previous-secret";

  /** The service accepts five. */
  private static final int MOST_PREVIOUS = 5;

  private final Path directory;
  private final String appid;
  private volatile String current;
  private volatile List<String> previous = List.of();

  /** Writes the secret to a file in the directory. */
  public AppSecret(Path directory, App app) {
    this.directory = directory;
    this.appid = app.appid();
    this.current = app.secret();
    write(SECRET, current);
  }

  String current() {
    return current;
  }

  /** Returns the previous secrets, the newest first. */
  List<String> previous() {
    return previous;
  }

  /** Rotates the secret like an operator: in WeChat's console, then in the mounted files. */
  synchronized void rotate(WechatSimulator wechat) {
    var random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random); // not a real secret
    previous = Stream.concat(Stream.of(current), previous.stream()).limit(MOST_PREVIOUS).toList();
    current = HexFormat.of().formatHex(random);
    write(PREVIOUS, String.join(",", previous));
    write(SECRET, current);
    wechat.resetSecret(appid, current);
  }

  /** Writes the file; the JVM deletes it at its end. */
  private void write(String name, String text) {
    var file = directory.resolve(name);
    try {
      Files.writeString(file, text);
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
