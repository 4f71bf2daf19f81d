package io.minilogin.it.gateway;

import io.minilogin.it.Client;
import io.minilogin.it.ServiceProcess;
import io.minilogin.it.Surroundings;
import io.minilogin.it.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * A gateway between its clients and a backend, and mini-login beside it, on a line that can be cut
 * and whose connections are counted.
 */
final class Stage implements AutoCloseable {
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

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Surroundings surroundings;
  private final ServiceProcess service;
  private final TcpProxy line;
  private final EchoBackend backend;
  private final Client client;

  private Stage(Starter gateway) throws Exception {
    try {
      surroundings = closingAtTheEnd(Surroundings.start());
      service = closingAtTheEnd(surroundings.service().start());
      line = closingAtTheEnd(new TcpProxy(service.traffic().getPort()));
      backend = closingAtTheEnd(EchoBackend.start());
      var port = freePort();
      var addresses =
          new Addresses(port, line.uri("http").getAuthority(), backend.uri().getAuthority());
      closingAtTheEnd(gateway.start(addresses));
      client = new Client(URI.create("http://127.0.0.1:" + port), service.client().management());
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  static Stage open(Starter gateway) throws Exception {
    return new Stage(gateway);
  }

  /** A path that nobody has asked for yet. */
  static String path() {
    return "/orders/" + UUID.randomUUID();
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** The one that the gateway asks. */
  ServiceProcess service() {
    return service;
  }

  /** Between the gateway and mini-login. */
  TcpProxy line() {
    return line;
  }

  EchoBackend backend() {
    return backend;
  }

  /** Of the gateway. */
  Client client() {
    return client;
  }

  /** Where the gateway listens, and there this path. */
  URI uri(String scheme, String path) {
    return URI.create(scheme + "://" + client.traffic().getAuthority() + path);
  }

  @Override
  public void close() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  private <T extends AutoCloseable> T closingAtTheEnd(T resource) {
    started.push(resource);
    return resource;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
