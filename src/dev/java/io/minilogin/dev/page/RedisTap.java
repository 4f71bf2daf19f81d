package io.minilogin.dev.page;

import static io.minilogin.dev.page.MessageLog.Party.REDIS;
import static io.minilogin.dev.page.MessageLog.Party.SERVICE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.dev.page.RespReader.Line;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Forwards the service's connections to Redis and records the commands on its keys with their
 * replies. A command is recorded before Redis reads it, and a reply before the service reads it.
 * MONITOR would show commands without their replies, and with the clock of another process.
 */
public final class RedisTap implements AutoCloseable {
  private static final String PREFIX = "ml:";

  /** The key of the check whether scripts work, which runs with each new connection. */
  private static final String PROBE = "ml:probe";

  private static final Pattern ONE_HOST = Pattern.compile("redis://([\\w.-]+):(\\d{1,5})/?");

  private final Vertx vertx;
  private final URI redis;
  private final MessageLog log;
  private final NetClient client;
  private final NetServer server;

  private RedisTap(URI redis, MessageLog log) {
    this.redis = redis;
    this.log = log;
    // Daemon threads, which do not keep the process alive.
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    client = vertx.createNetClient();
    server = vertx.createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(0));
    server.connectHandler(this::connect);
  }

  /**
   * Starts to listen on a free port; empty for addresses that are not supported: several hosts, TLS
   * or a password.
   *
   * @param hosts as in {@code quarkus.redis.hosts}
   */
  public static Optional<RedisTap> start(String hosts, MessageLog log) {
    if (!ONE_HOST.matcher(hosts).matches()) {
      return Optional.empty();
    }
    var tap = new RedisTap(URI.create(hosts), log);
    tap.server.listen().toCompletionStage().toCompletableFuture().join();
    return Optional.of(tap);
  }

  /** Returns the address for the service. */
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + server.actualPort());
  }

  /** Returns the address of Redis itself. */
  public URI redis() {
    return redis;
  }

  /**
   * Connects to Redis and waits for the connection. All earlier refusals are recorded then: the one
   * event loop learns of a refusal before it learns of a later connection.
   */
  void awaitRedis() {
    client
        .connect(redis.getPort(), redis.getHost())
        .compose(NetSocket::close)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private void connect(NetSocket service) {
    service.pause();
    client
        .connect(redis.getPort(), redis.getHost())
        .onSuccess(upstream -> join(service, upstream))
        .onFailure(
            refused -> {
              log.call(SERVICE, REDIS, "connect", Optional.empty()).fail("connection refused");
              service.close();
            });
  }

  private void join(NetSocket service, NetSocket upstream) {
    Queue<Optional<MessageLog.Call>> waiting = new ArrayDeque<>();
    var commands = new RespReader(command -> waiting.add(begin(command)));
    var replies =
        new RespReader(
            reply ->
                Optional.ofNullable(waiting.poll())
                    .flatMap(it -> it)
                    .ifPresent(it -> end(it, reply)));
    forward(service, upstream, commands::read);
    forward(upstream, service, replies::read);
    service.closeHandler(closed -> upstream.close());
    upstream.closeHandler(
        closed -> {
          waiting.forEach(call -> call.ifPresent(it -> it.fail("connection closed")));
          service.close();
        });
    service.resume();
  }

  private static void forward(NetSocket from, NetSocket to, Consumer<Buffer> reader) {
    from.exceptionHandler(broken -> to.close());
    from.handler(
        part -> {
          reader.accept(part);
          to.write(part);
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
          }
        });
  }

  private Optional<MessageLog.Call> begin(Object command) {
    if (!(command instanceof List<?> list) || list.isEmpty()) {
      return Optional.empty();
    }
    var words = list.stream().map(RedisTap::text).toList();
    var name = words.get(0).toUpperCase(Locale.ROOT);
    // The keys of a script follow the script and the number of keys.
    var key = name.startsWith("EVAL") ? 3 : 1;
    if (words.size() <= key || !words.get(key).startsWith(PREFIX) || words.get(key).equals(PROBE)) {
      return Optional.empty();
    }
    // NX tells the claim of a code from its answer.
    var text = name + " " + words.get(key) + (words.contains("NX") ? " NX" : "");
    var call = log.call(SERVICE, REDIS, text, Optional.empty());
    call.sent().add(String.join("\n", name.equals("EVAL") ? withoutScript(words) : words));
    return Optional.of(call);
  }

  private static List<String> withoutScript(List<String> words) {
    var rest = new ArrayList<>(words);
    rest.set(1, "(script, %d characters)".formatted(words.get(1).length()));
    return rest;
  }

  private static void end(MessageLog.Call call, Object reply) {
    call.received().add(text(reply));
    if (reply instanceof byte[] bytes) {
      call.answer(bytes.length == 0 ? "nil" : bytes.length + " bytes");
    } else if (reply instanceof List<?> list) {
      call.answer("[" + list.size() + "]");
    } else if (text(reply).startsWith("NOSCRIPT")) {
      call.answer("NOSCRIPT"); // the service sends the script itself next
    } else if (((Line) reply).text().startsWith("-")) {
      call.fail(text(reply));
    } else {
      call.answer(text(reply));
    }
  }

  private static String text(Object message) {
    if (message instanceof byte[] bytes) {
      var text = new String(bytes, UTF_8);
      return text.chars().allMatch(each -> (each >= ' ' && each != 0xFFFD) || each == '\n')
          ? text
          : "(sealed, %d bytes)".formatted(bytes.length);
    }
    if (message instanceof List<?> list) {
      return list.stream().map(RedisTap::text).collect(Collectors.joining("\n"));
    }
    var line = ((Line) message).text();
    return line.startsWith("_") ? "nil" : line.substring(1);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
