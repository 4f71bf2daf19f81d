package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Exercises the packaged service once, so that Java can archive the classes of a start. {@code
 * src/main/docker/train} runs it for the AOT cache of the image, {@link ClassArchive} for the
 * tests.
 */
final class Training {
  /** Enough rounds to make the methods of a login and of a check hot. */
  private static final int ROUNDS = 300;

  private static final Duration WARM = Duration.ofMinutes(1);

  private Training() {}

  /**
   * Runs the training. Arguments: a file with options for Java, the folder of the jar, the cache
   * file to write.
   */
  public static void main(String... files) {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + files[0],
            "-XX:AOTCacheOutput=" + files[2],
            "-jar",
            Path.of(files[1], "quarkus-run.jar").toString());
    run(command, ROUNDS, Path.of(files[2]));
  }

  /**
   * Starts the service, calls it and stops it.
   *
   * @param command starts the service and makes Java write the archive at its end
   * @throws IllegalStateException with the output of the service, if no archive was written
   */
  static void run(List<String> command, int rounds, Path archive) {
    try (var surroundings = Surroundings.start();
        var service = GatewayClient.knownTo(surroundings.service()).command(command).start()) {
      // On a busy machine the first requests to a JVM take longer than their deadlines.
      await().atMost(WARM).until(() -> service.client().login(code()).statusCode() == 200);
      for (int round = 0; round < rounds; round++) {
        work(service.client());
      }
      service.terminate();
      service.awaitExit();
      if (!Files.exists(archive)) {
        throw new IllegalStateException(String.join("\n", service.lines()));
      }
    }
  }

  private static void work(Client client) {
    var token = client.tokenFor(code());
    client.verify(token).then().statusCode(200);
    client.session(token).then().statusCode(200);
    new GatewayClient(client).introspect(token).then().statusCode(200);
    client.logout(token).then().statusCode(204);
    client.verify(token).then().statusCode(401);
  }
}
