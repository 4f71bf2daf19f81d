package io.minilogin.it.gateway;

import io.minilogin.it.Client;
import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Started;
import io.minilogin.it.Surroundings;
import io.minilogin.it.TcpProxy;
import java.net.URI;
import java.util.UUID;

/**
 * A gateway between its clients and a backend, with mini-login beside it. The line to mini-login
 * can be cut and its connections are counted.
 *
 * @param service the service that the gateway calls
 * @param line the line between the gateway and mini-login
 * @param client a client of the gateway
 */
record Stage(
    Surroundings surroundings,
    ServiceProcess service,
    TcpProxy line,
    EchoBackend backend,
    Client client) {
  /**
   * The addresses in the configuration of a gateway.
   *
   * @param port the port to listen on, at 127.0.0.1
   * @param miniLogin host and port
   * @param backend host and port
   */
  record Addresses(int port, String miniLogin, String backend) {}

  /** Starts a gateway and returns once it accepts connections. */
  interface Starter {
    AutoCloseable start(Addresses addresses) throws Exception;
  }

  /**
   * Opens a stage.
   *
   * @param started closes all parts of the stage
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

  /** Returns a path that no request has used yet. */
  static String path() {
    return "/orders/" + UUID.randomUUID();
  }

  /** Returns the URI of this path at the gateway. */
  URI uri(String scheme, String path) {
    return URI.create(scheme + "://" + client.traffic().getAuthority() + path);
  }
}
