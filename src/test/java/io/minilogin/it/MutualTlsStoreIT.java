package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that requires client certificates. */
@Tag("long")
class MutualTlsStoreIT extends StorePromises {
  @TempDir private static Path mounted;

  private final Certificates servers = new Certificates();

  @Override
  void start(Store store) throws IOException {
    var clients = new Certificates();
    mount(clients);
    var redis =
        store.add(
            RedisServer.withTls(
                servers.issue("redis"), Optional.of(clients.ca()), "save \"\"", Store.user()));
    store.serve(
        Store.block("### For Redis alone", List.of(redis))
            .with("/etc/tls/ca.pem", servers.ca())
            .with("/etc/tls/tls.crt", mounted.resolve("tls.crt"))
            .with("/etc/tls/tls.key", mounted.resolve("tls.key"))
            .with("reload-period=1h", "reload-period=1s"));
  }

  private static void mount(Certificates clients) throws IOException {
    var certificate = clients.issue("mini-login");
    Files.copy(
        certificate.chain(), mounted.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(certificate.key(), mounted.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void renewedCertificateIsUsed() throws IOException {
    var token = client().tokenFor(code());
    var redis = store().servers().get(0);
    var renewed = new Certificates();
    redis.send("CONFIG", "SET", "tls-ca-cert-file", renewed.ca());
    redis.send("CLIENT", "KILL", "TYPE", "normal");
    client().session(token).then().statusCode(503);
    mount(renewed);
    await()
        .until(
            () -> {
              var status = client().session(token).statusCode();
              assertThat(status).isNotEqualTo(401);
              return status == 200;
            });
  }
}
