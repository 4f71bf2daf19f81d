package io.minilogin.it;

import static io.minilogin.it.Codes.code;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Has the packaged service do its work once, so that Java can note in an AOT cache what a start
 * needs: classes, and which methods are worth compiling. Run by {@code src/main/docker/train} with
 * the very Java that is to use the cache.
 */
final class Training {
  /** Enough for the methods of a login and of a check to become hot. */
  private static final int ROUNDS = 300;

  private Training() {}

  /** Arguments: a file of options for Java, the folder of the jar, the cache to be written. */
  public static void main(String... files) {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + files[0],
            "-XX:AOTCacheOutput=" + files[2],
            "-jar",
            Path.of(files[1], "quarkus-run.jar").toString());
    try (var surroundings = Surroundings.start();
        var service = GatewayClient.knownTo(surroundings.service()).command(command).start()) {
      for (int round = 0; round < ROUNDS; round++) {
        work(service.client());
      }
      service.terminate();
      service.awaitExit();
      if (!Files.exists(Path.of(files[2]))) {
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
