package io.minilogin.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Names the ports that the service cannot open. Quarkus reports one of them and closes the other if
 * it was opened, so the other port is tried here.
 */
final class UnusablePorts {
  private static final String TRAFFIC = "quarkus.http";
  private static final String MANAGEMENT = "quarkus.management";

  private UnusablePorts() {}

  static String traffic(int reported) {
    return described(TRAFFIC, reported) + ifUnusable(MANAGEMENT);
  }

  static String management() {
    return described(MANAGEMENT, port(MANAGEMENT)) + ifUnusable(TRAFFIC);
  }

  private static String ifUnusable(String prefix) {
    return canBeOpened(prefix) ? "" : "; " + described(prefix, port(prefix));
  }

  private static String described(String prefix, int number) {
    var property = prefix + ".port";
    var variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
    return "port %d (%s) is in use or may not be used; %s changes it"
        .formatted(number, property, variable);
  }

  private static boolean canBeOpened(String prefix) {
    var host = config().getOptionalValue(prefix + ".host", String.class).orElse("0.0.0.0");
    try (var socket = new ServerSocket(port(prefix), 1, InetAddress.getByName(host))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int port(String prefix) {
    return config().getValue(prefix + ".port", Integer.class);
  }

  private static Config config() {
    return ConfigProvider.getConfig();
  }
}
