package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Answers {@code GET /sns/jscode2session} on 127.0.0.1 as api.weixin.qq.com does, with its
 * oddities: errors have status 200, JSON is text/plain without a charset, and a code that was sent
 * once is burnt whatever came of it. Who logs in, and what goes wrong, is written in the code:
 * {@code alice.1} is a login of alice, {@code alice.delay=500.errcode=-1.2} one that fails after
 * half a second. {@code docs/simulator.md} has all the words.
 *
 * <p>Burnt codes and session keys are forgotten with {@link #close()}. All methods are safe to call
 * from any thread but an event loop's.
 */
public final class WechatSimulator implements AutoCloseable {
  /** A mini program that the simulated WeChat knows. */
  public record App(String appid, String secret) {}

  /**
   * A code2Session call as it arrived, decoded, in whatever way it was answered.
   *
   * @param appid empty if missing
   * @param code empty if missing
   * @param query each parameter with all its values, because one that arrives twice has been
   *     smuggled in
   */
  public record Call(String appid, String code, Map<String, List<String>> query) {
    private static Call of(String uri) {
      var query = decode(uri);
      return new Call(first(query, "appid"), first(query, "js_code"), query);
    }

    String first(String parameter) {
      return first(query, parameter);
    }

    private static String first(Map<String, List<String>> query, String parameter) {
      return query.getOrDefault(parameter, List.of("")).get(0);
    }

    // Not by Vert.x, whose parameters ignore case and take a semicolon for an ampersand.
    private static Map<String, List<String>> decode(String uri) {
      return new QueryStringDecoder(uri, UTF_8, true, 100, true).parameters();
    }
  }

  // Undecoded: a benchmark leaves hundreds of thousands here, and nobody asks for them.
  private final Queue<String> uris = new ConcurrentLinkedQueue<>();
  private final SimulatedUsers users = new SimulatedUsers();
  private final SimulatedCode2Session code2Session;
  private final Vertx vertx;
  private final ReplyWriter writer;
  private final HttpServer server;

  private WechatSimulator(Clock clock, int port, List<App> apps) {
    code2Session = new SimulatedCode2Session(apps, clock, users);
    // Daemon threads: a test that forgets to close this must not keep its JVM alive.
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    writer = new ReplyWriter(vertx);
    // HTTP/1.1 only: on a shared HTTP/2 connection a reset would hit other calls as well.
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(port);
    server =
        vertx
            .createHttpServer(options.setHttp2ClearTextEnabled(false))
            .requestHandler(this::handle);
  }

  /** Starts on a free port. */
  public static WechatSimulator start(App... apps) {
    return start(Clock.systemUTC(), 0, apps);
  }

  /**
   * Starts on a port of the caller's choice, such as the one that a closed simulator had.
   *
   * @param clock decides whether a code that says when it was {@code issued=…} has expired
   * @param port 0 for a free one
   */
  public static WechatSimulator start(Clock clock, int port, App... apps) {
    var simulator = new WechatSimulator(clock, port, List.of(apps));
    try {
      simulator.server.listen().toCompletionStage().toCompletableFuture().join();
      return simulator;
    } catch (RuntimeException e) {
      simulator.close();
      throw e;
    }
  }

  /** What takes the place of {@code https://api.weixin.qq.com}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Every code2Session call so far, in the order of arrival. */
  public List<Call> calls() {
    return uris.stream().map(Call::of).toList();
  }

  /** How often this code arrived: more than once is never right. */
  public long callsWith(String code) {
    return uris.stream().map(Call::of).filter(call -> call.code().equals(code)).count();
  }

  /** The user's valid session key; throws if the user has not logged in to this app. */
  public String sessionKeyOf(String appid, String user) {
    return users.sessionKey(appid, user).orElseThrow();
  }

  /** What code2Session answers as this user's openid. */
  public String openidOf(String appid, String user) {
    return users.openid(appid, user);
  }

  /** What code2Session answers as this user's unionid. */
  public String unionidOf(String user) {
    return users.unionid(user);
  }

  /** Ends all connections, also those that still wait for an answer, and frees the port. */
  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest request) {
    if (!request.path().equals("/sns/jscode2session") || request.method() != HttpMethod.GET) {
      request.response().setStatusCode(404).end();
      return;
    }
    try {
      var call = Call.of(request.uri());
      uris.add(request.uri());
      writer.write(request, code2Session.answer(call));
    } catch (IllegalArgumentException e) {
      request.response().setStatusCode(400).end(e.getMessage());
    }
  }
}
