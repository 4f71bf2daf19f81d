package io.minilogin.it.gateway;

import io.minilogin.it.Client;
import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Started;
import io.minilogin.it.Surroundings;
import io.minilogin.it.TcpProxy;
import java.net.URI;
import java.util.UUID;

/**
 * A gateway between its clients and a backend, and mini-login beside it, on a line that can be cut
 * and whose connections are counted.
 *
 * @param service the one that the gateway asks
 * @param line between the gateway and mini-login
 * @param client of the gateway
 */
record Stage(
    Surroundings surroundings,
    ServiceProcess service,
    TcpProxy line,
    EchoBackend backend,
    Client client) {
  /**
   * What a gateway is told.
   *
   * @param port to listen on, at 127.0.0.1
   * @param miniLogin host and port
   * @param backend host and port
   */
  record Addresses(int port, String miniLogin, String backend) {}

  /** Returns once the gateway takes connections. */
  interface Starter {
    AutoCloseable start(Addresses addresses) throws Exception;
  }

  /**
   * @param started closes all of it
   */
  static Stage open(Started started, Starter gateway) throws Exception {
    var surroundings = started.add(Surroundings.start());
    var service = started.add(surroundings.service().start());
    var line = started.add(new TcpProxy(service.traffic().getPort()));
    var backend = started.add(EchoBackend.start());
    var port =
        FreePort.forStartOf(
            free -> {
              started.add(
                  gateway.start(
                      new Addresses(
                          free, line.uri("http").getAuthority(), backend.uri().getAuthority())));
              return free;
            });
    var client = new Client(URI.create("http://127.0.0.1:" + port), service.client().management());
    return new Stage(surroundings, service, line, backend, client);
  }

  /** A path that nobody has asked for yet. */
  static String path() {
    return "/orders/" + UUID.randomUUID();
  }

  /** Where the gateway listens, and there this path. */
  URI uri(String scheme, String path) {
    return URI.create(scheme + "://" + client.traffic().getAuthority() + path);
  }
}
