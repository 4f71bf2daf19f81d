package io.minilogin.it;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** Redis and WeChat with certificates of an authority that is not publicly trusted. */
@Tag("long")
class TlsStoreIT extends StorePromises {
  private final Certificates certificates = new Certificates();
  private TcpProxy wechat;

  @Override
  void start(Store store) throws IOException {
    wechat =
        new TcpProxy(
            store.wechat().uri().getPort(), Certificates.context(certificates.issue("wechat")));
    store.callWechatAt(wechat.uri("https"));
    var redis =
        store.add(
            RedisServer.withTls(
                certificates.issue("redis"), Optional.empty(), "save \"\"", Store.user()));
    store.serve(
        Store.block("### An authority of your own", List.of(redis))
            .with("/etc/tls/ca.pem", certificates.ca()));
  }

  @AfterAll
  void closeWechat() throws IOException {
    wechat.close();
  }
}
