package io.minilogin.dev.page;

import static io.minilogin.dev.page.Happenings.Kind.ANSWER;
import static io.minilogin.dev.page.Happenings.Kind.CALL;
import static io.minilogin.dev.page.Happenings.Kind.FAILURE;
import static io.minilogin.dev.page.Happenings.Party.SERVICE;
import static io.minilogin.dev.page.Happenings.Party.WECHAT;

import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The surroundings of the service in development, and the ways to change them.
 *
 * @param redis empty if development mode did not start it
 * @param settings the directory of the files with the app's secret; empty if the environment sets
 *     the secret
 */
public record WorldOutside(
    WechatSimulator wechat,
    WechatSimulator.App app,
    Optional<EmbeddedRedis> redis,
    Optional<Path> settings,
    Happenings happenings) {
  private static final String SECRET = "wechat.secret";

  /** Set by the main class; read by the beans, which Quarkus creates. */
  private static Optional<WorldOutside> running = Optional.empty();

  /** Makes the page show these surroundings. */
  public void show() {
    wechat.show(
        new WechatSimulator.Onlooker() {
          @Override
          public void asked(String call) {
            happenings.add(SERVICE, WECHAT, CALL, call);
          }

          @Override
          public void answered(String outcome, boolean isFailure) {
            happenings.add(WECHAT, SERVICE, isFailure ? FAILURE : ANSWER, outcome);
          }
        });
    running = Optional.of(this);
  }

  static WorldOutside running() {
    return running.orElseThrow();
  }

  /** Rotates the secret like an operator: in WeChat's console, then in the mounted files. */
  void rotateSecret() {
    var files = settings.orElseThrow();
    var random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random); // not a real secret
    var secret = HexFormat.of().formatHex(random);
    try {
      var previous = Files.readString(files.resolve(SECRET));
      write(files.resolve("wechat.previous-secret"), previous);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writeSecret(files, secret);
    wechat.resetSecret(app.appid(), secret);
  }

  /** Writes the file with the app's secret; the JVM deletes it at its end. */
  public static void writeSecret(Path directory, String secret) {
    write(directory.resolve(SECRET), secret);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
