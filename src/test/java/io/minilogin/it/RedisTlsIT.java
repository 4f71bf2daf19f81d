package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.storeUnavailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.Certificates.Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Redis without a valid certificate receives no password and no other data. */
@Tag("long")
class RedisTlsIT {
  private static final Certificates certificates = new Certificates();

  static Stream<Certificate> wrongCertificates() {
    return Stream.of(
        certificates.issue("another-host", "-ext", "san=dns:redis.example.com"),
        certificates.issue(
            "expired", "-ext", "san=ip:127.0.0.1", "-startdate", "-9d", "-validity", "8"),
        new Certificates().issue("unknown-authority"));
  }

  @ParameterizedTest
  @MethodSource("wrongCertificates")
  void redisWithAWrongCertificateIsRefused(Certificate certificate) {
    try (var store = new Store()) {
      var redis = store.add(RedisServer.withTls(certificate, Optional.empty(), Store.user()));
      var block =
          Store.block("### An authority of your own", List.of(redis))
              .with("/etc/tls/ca.pem", certificates.ca());
      try (var service = store.builder(block).startWithoutRedis()) {
        service.client().login(code()).then().spec(storeUnavailable());
        service.client().ready().then().statusCode(503);
        assertThat(new String((byte[]) redis.send("INFO", "commandstats"), UTF_8))
            .doesNotContain("hello", "auth");
        assertThat(service.lines()).noneMatch(line -> line.contains(Store.PASSWORD));
      }
    }
  }
}
