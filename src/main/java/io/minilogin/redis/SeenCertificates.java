package io.minilogin.redis;

import io.quarkus.tls.CertificateUpdatedEvent;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Detects changed certificates. Quarkus only reports that it has read the certificates again. */
final class SeenCertificates {
  private final Map<String, List<Certificate>> seen = new ConcurrentHashMap<>();

  /** Returns whether the certificates are new or have changed since the last call for this name. */
  boolean areNew(CertificateUpdatedEvent read) {
    var tls = read.tlsConfiguration();
    var found =
        Stream.of(Optional.ofNullable(tls.getKeyStore()), Optional.ofNullable(tls.getTrustStore()))
            .flatMap(Optional::stream)
            .flatMap(SeenCertificates::certificates)
            .toList();
    return !found.equals(seen.put(read.name(), found));
  }

  private static Stream<Certificate> certificates(KeyStore store) {
    try {
      var certificates = new ArrayList<Certificate>();
      for (var alias : new TreeSet<>(Collections.list(store.aliases()))) {
        // A trusted certificate has no chain.
        var chain = Optional.ofNullable(store.getCertificateChain(alias));
        certificates.addAll(chain.map(List::of).orElse(List.of(store.getCertificate(alias))));
      }
      return certificates.stream();
    } catch (KeyStoreException e) {
      throw new IllegalStateException("a loaded key store lists its certificates", e);
    }
  }
}
