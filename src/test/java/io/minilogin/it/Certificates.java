package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority and its certificates, created with the keytool of the JDK. */
final class Certificates {
  static final String PASSWORD = "changeit-changeit";
  private static final String CA = "ca";

  private final Path directory;
  private final Path store;

  /** A certificate, valid for 127.0.0.1 unless other options are given. */
  record Certificate(Path chain, Path key, Path keyStore) {}

  Certificates() {
    try {
      directory = Files.createTempDirectory(Artefact.directory(), "certificates");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = directory.resolve("all.p12");
    keytool(CA, "-ext", "bc:critical=ca:true");
    write("ca.pem", pem("CERTIFICATE", encoded(CA)));
  }

  /** Returns the certificate of the authority in PEM, for clients that trust it. */
  Path ca() {
    return directory.resolve("ca.pem");
  }

  Certificate issue(String name) {
    return issue(name, "-ext", "san=ip:127.0.0.1");
  }

  /** Issues a certificate with options of keytool. */
  Certificate issue(String name, String... options) {
    var all = new ArrayList<>(List.of("-signer", CA));
    all.addAll(List.of(options));
    keytool(name, all.toArray(String[]::new));
    return new Certificate(
        write(name + ".pem", pem("CERTIFICATE", encoded(name))),
        write(name + "-key.pem", pem("PRIVATE KEY", key(name).getEncoded())),
        keyStore(name));
  }

  /** Returns the TLS context of a server with this certificate. */
  static SSLContext context(Certificate certificate) {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(certificate.keyStore()), PASSWORD.toCharArray());
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keytool(String alias, String... options) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias));
    command.addAll(List.of(options));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.onExit().join().exitValue() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path keyStore(String alias) {
    try {
      var one = KeyStore.getInstance("PKCS12");
      one.load(null, null);
      one.setKeyEntry(
          alias, key(alias), PASSWORD.toCharArray(), load(store).getCertificateChain(alias));
      var file = directory.resolve(alias + ".p12");
      try (var output = Files.newOutputStream(file)) {
        one.store(output, PASSWORD.toCharArray());
      }
      return file;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] encoded(String alias) {
    try {
      return load(store).getCertificate(alias).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private java.security.Key key(String alias) {
    try {
      return load(store).getKey(alias, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path file) {
    try {
      return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind);
  }
}
