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
 * What the service in development depends on, and what can be done to it.
 *
 * @param redis empty if it is not ours to stop
 * @param settings the directory of the files with the app's secret; empty if the secret is not ours
 *     to change
 */
public record WorldOutside(
    WechatSimulator wechat,
    WechatSimulator.App app,
    Optional<EmbeddedRedis> redis,
    Optional<Path> settings,
    Happenings happenings) {
  private static final String SECRET = "wechat.secret";

  /** Handed from the main class, which starts it, to the beans, which Quarkus makes. */
  private static Optional<WorldOutside> running = Optional.empty();

  /** From now on the page shows this one. */
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

  /** As the operator does: the console gets a new secret, and the mounted files tell of both. */
  void rotateSecret() {
    var files = settings.orElseThrow();
    var random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random); // a secret of nobody
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

  /** The file that says which secret the app has; gone when the JVM ends. */
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
