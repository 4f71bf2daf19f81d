package io.minilogin.settings;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of connections of each kind. Each connection is an open file, so all of them
 * together stay within the files that the process may open, less {@value #OTHER_FILES}.
 *
 * <p>Redis, the service's own calls to WeChat and backends' calls each get as many as they can use,
 * but at most a quarter of these files. The clients get the rest, as far as the heap allows it. A
 * setting of the operator replaces the share of Redis or of the own calls, whatever remains for the
 * clients.
 *
 * @param redis connections of one event loop to one Redis server
 * @param wechat connections for the service's own calls to WeChat
 * @param relay connections for backends' calls of WeChat's API
 * @param clients connections of clients; 0 or less if the settings leave no file for them
 */
record ConnectionShares(int redis, int wechat, int relay, long clients) {
  static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
  static final String REDIS = "quarkus.redis.max-pool-size";
  static final String WECHAT = "quarkus.rest-client.wechat.connection-pool-size";

  /** Files for jars (about 210), event loops, the log, the management port and the spans. */
  private static final long OTHER_FILES = 512;

  private static final int PARTS = 4;

  /** Per event loop: a batch of commands holds a connection, further batches wait in a queue. */
  private static final int MAX_REDIS = 16;

  private static final int MAX_CLIENTS = 4096;

  /** When certificates are renewed, old and new connections to Redis exist for a second. */
  private static final int GENERATIONS = 2;

  /** Nodes that a cluster is assumed to have: {@code quarkus.redis.hosts} need not list them. */
  private static final int CLUSTER_NODES = 6;

  /** Heap of an idle connection of a client; 4,300 bytes were measured. */
  private static final int HEAP_OF_CLIENT = 5 * 1024;

  private static final int PART_OF_HEAP = 3;

  /** Direct memory of a backend's call: parts of its body and its reply, on both connections. */
  private static final int MEMORY_OF_CALL = 4 * 16 * 1024;

  private static final int PART_OF_DIRECT_MEMORY = 3;

  /**
   * The resources of the process.
   *
   * @param files the number of files that it may have open
   * @param heap bytes
   * @param directMemory bytes
   * @param processors number of processors
   */
  record Machine(long files, long heap, long directMemory, int processors) {}

  /**
   * Divides the files of this machine.
   *
   * @param settings maps the name of a property to its value, or to null if it is not set
   */
  static ConnectionShares of(Machine machine, UnaryOperator<@Nullable String> settings) {
    var files = machine.files - OTHER_FILES;
    var part = files / PARTS;
    var loops = number(settings, EVENT_LOOPS, MachineDefaults.eventLoops(machine.processors));
    var pools = (long) GENERATIONS * loops * redisServers(settings);
    var redis = number(settings, REDIS, share(MAX_REDIS, part / pools));
    var wechat = number(settings, WECHAT, share(MachineDefaults.MAX_OWN_CALLS, part));
    var byMemory = machine.directMemory / PART_OF_DIRECT_MEMORY / MEMORY_OF_CALL;
    var relay = share(byMemory, part);
    var byFiles = files - pools * redis - wechat - relay;
    var byHeap = machine.heap / PART_OF_HEAP / HEAP_OF_CLIENT;
    return new ConnectionShares(
        redis, wechat, relay, Math.min(MAX_CLIENTS, Math.min(byFiles, byHeap)));
  }

  private static int share(long useful, long part) {
    return (int) Math.max(1, Math.min(useful, part));
  }

  /** Returns the number of servers to which an event loop may have a pool of connections. */
  private static int redisServers(UnaryOperator<@Nullable String> settings) {
    var addresses = text(settings, "quarkus.redis.hosts").split(",").length;
    return switch (text(settings, "quarkus.redis.client-type").toLowerCase(Locale.ROOT)) {
      case "replication" -> addresses;
      // The sentinels and the master.
      case "sentinel" -> addresses + 1;
      // The nodes' own names may differ from the addresses by which the cluster is found.
      case "cluster" -> addresses + Math.max(addresses, CLUSTER_NODES);
      default -> 1;
    };
  }

  /**
   * Returns a number, or the default if the value is not a number: Quarkus refuses that later, with
   * a better message.
   */
  private static int number(
      UnaryOperator<@Nullable String> settings, String property, int otherwise) {
    try {
      return Math.max(1, Integer.parseInt(text(settings, property)));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static String text(UnaryOperator<@Nullable String> settings, String property) {
    var value = settings.apply(property);
    return value == null ? "" : value.strip();
  }
}
