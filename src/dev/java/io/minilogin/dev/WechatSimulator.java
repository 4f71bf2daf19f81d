package io.minilogin.dev;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Answers on 127.0.0.1 like api.weixin.qq.com, including its oddities: errors have status 200, the
 * JSON of a login is text/plain without a charset, and a code is burnt by the first call, whatever
 * its outcome. The code names the user and the fault: {@code alice.1} is a login of alice, {@code
 * alice.delay=500.errcode=-1.2} is a login that fails after half a second. The simulator is also
 * the client, whose API returns encrypted data. {@code docs/simulator.md} lists all words.
 *
 * <p>{@link #close()} discards burnt codes, session keys and access tokens. All methods may be
 * called from any thread except an event loop.
 *
 * <p>The class has many methods because tests use no other class of the simulator; it delegates the
 * work.
 */
public final class WechatSimulator implements AutoCloseable {
  /** A mini program that the simulated WeChat knows. */
  public record App(String appid, String secret, AppKeys keys) {
    /** Has keys that depend on the appid only. */
    public App(String appid, String secret) {
      this(appid, secret, AppKeys.of(appid));
    }
  }

  /**
   * A call of code2Session as it arrived, decoded. The answer does not matter.
   *
   * @param appid empty if missing
   * @param code empty if missing
   * @param query each parameter with all its values: a duplicate is a smuggled parameter
   */
  public record Call(String appid, String code, Map<String, List<String>> query) {
    static Call of(String uri) {
      var query = Query.decode(uri);
      return new Call(Query.first(query, "appid"), Query.first(query, "js_code"), query);
    }

    String first(String parameter) {
      return Query.first(query, parameter);
    }
  }

  /**
   * A request for any other path as it arrived. The answer does not matter.
   *
   * @param path undecoded
   * @param rawQuery undecoded; empty if missing
   * @param query decoded, each parameter with all its values
   * @param headers by their names in lower case, each with all its values
   * @param body as text; empty if the request had no body, or if it was refused unread. Recorded
   *     requests have no bodies over 64 KB.
   * @param length of the body, in bytes
   * @param sha256 of the body, in lower-case hexadecimal digits
   */
  public record Request(
      String method,
      String path,
      String rawQuery,
      Map<String, List<String>> query,
      Map<String, List<String>> headers,
      String body,
      long length,
      String sha256) {
    private static final long REMEMBERED = 64 * 1024;

    static Request of(HttpServerRequest request, Map<String, List<String>> query, Buffer body) {
      return new Request(
          request.method().name(),
          request.path(),
          Objects.requireNonNullElse(request.query(), ""),
          query,
          Headers.of(request.headers()),
          body.toString(),
          body.length(),
          Sha256.hex(body.getBytes()));
    }

    /** Returns the request without a large body, since many of them would fill the memory. */
    Request toRemember() {
      return length <= REMEMBERED
          ? this
          : new Request(method, path, rawQuery, query, headers, "", length, sha256);
    }

    String first(String parameter) {
      return Query.first(query, parameter);
    }
  }

  /**
   * Observes calls on the simulator's event loop: those of WeChat's API, and the deliveries of
   * events to the simulated backend.
   */
  @FunctionalInterface
  public interface Onlooker {
    Onlooker NOBODY = (call, sent) -> (outcome, isFailure, received) -> {};

    /**
     * Called when a call has arrived, before its answer is sent.
     *
     * @param call method and path, and the code if there is one
     * @param sent the whole request as text, with secrets
     * @return is told the outcome
     */
    OutcomeListener asked(String call, String sent);
  }

  /** Observes the outcome of a call. */
  @FunctionalInterface
  public interface OutcomeListener {
    /**
     * Called before the answer is sent, or before the connection is closed in place of an answer.
     *
     * @param outcome status and errcode, or that the connection was closed
     * @param isFailure whether the call failed for the caller
     * @param received the body as text, with secrets; empty without a body
     */
    void answered(String outcome, boolean isFailure, String received);
  }

  private final Arrivals arrivals = new Arrivals();
  private final SimulatedApps apps;
  private final SimulatedUsers users = new SimulatedUsers();
  private final SimulatedAccessTokens accessTokens;
  private final OpenDataMint mint;
  private final SimulatedCalls otherCalls;
  private final SimulatedPush push;
  private final SimulatedDispatch dispatch;
  private final Vertx vertx;
  private final HttpServer server;

  private WechatSimulator(Clock clock, int port, List<App> knownApps) {
    apps = new SimulatedApps(knownApps);
    var replies = new SimulatedReplies(clock);
    var profiles = new SimulatedProfiles(users, clock);
    mint = new OpenDataMint(users, profiles);
    accessTokens = new SimulatedAccessTokens(clock);
    // Daemon threads: a test that forgets to close this must not keep its JVM alive.
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    push = new SimulatedPush(apps, users, clock, vertx);
    var signatures = new SimulatedSignatures(apps, users);
    var wallets = new SimulatedWallets();
    var orders = new SimulatedOrders(clock);
    var xpay = new SimulatedXpay(users, signatures, wallets, orders, replies);
    var posts = callsOfBackends(clock, replies);
    posts.putAll(xpay.calls());
    posts.putAll(new SimulatedGameCoins(users, signatures, wallets, replies).calls());
    posts.putAll(new SimulatedUserData(users, signatures, clock, replies).calls());
    otherCalls =
        new SimulatedCalls(
            accessTokens,
            replies,
            new SimulatedStableToken(apps, accessTokens, replies),
            new SimulatedPhoneNumbers(clock, users, profiles, replies),
            new SimulatedSessionKeyCalls(users, signatures, replies),
            new SimulatedClientApi(apps, profiles, mint),
            new SimulatedVirtualPayment(apps, users, signatures, wallets, orders, push),
            new SimulatedBackend(),
            posts,
            xpay.others(new SimulatedEcho()::answer));
    var code2Session = new SimulatedCode2Session(apps, clock, users, replies);
    dispatch =
        new SimulatedDispatch(arrivals, code2Session, otherCalls, push, new ReplyWriter(vertx));
    // HTTP/1.1 only: on a shared HTTP/2 connection a reset would hit other calls as well.
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(port);
    server =
        vertx
            .createHttpServer(options.setHttp2ClearTextEnabled(false))
            .requestHandler(dispatch::handle);
  }

  private Map<String, CallOfApp> callsOfBackends(Clock clock, SimulatedReplies replies) {
    var aboutCalls = new SimulatedCallsAboutCalls(arrivals, apps, accessTokens, clock, replies);
    return new HashMap<>(
        Map.of(
            "/wxa/msg_sec_check", new SimulatedContentCheck(replies)::answer,
            "/cgi-bin/message/subscribe/send", new SimulatedSubscribeMessages(replies)::send,
            "/wxa/getwxacodeunlimit", new SimulatedMiniCodes(replies)::answer,
            "/cgi-bin/media/upload", new SimulatedMediaUpload(clock, replies)::answer,
            "/cgi-bin/openapi/quota/get", aboutCalls::quota,
            "/cgi-bin/openapi/rid/get", aboutCalls::rid));
  }

  /** Starts on a free port. */
  public static WechatSimulator start(App... apps) {
    return start(Clock.systemUTC(), 0, apps);
  }

  /**
   * Starts on this port, for example the port of a closed simulator.
   *
   * @param clock decides whether access tokens, and codes that say when they were {@code issued=…},
   *     have expired, and dates watermarks
   * @param port 0 for a free port
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

  /** Returns the address that replaces {@code https://api.weixin.qq.com}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Returns all calls of code2Session so far, in the order of arrival. */
  public List<Call> calls() {
    return arrivals.calls();
  }

  /** Returns how often this code arrived; more than once is always a bug of the service. */
  public long callsWith(String code) {
    return arrivals.callsWith(code);
  }

  /** Returns all requests so far for this path, in the order of arrival; not for code2Session. */
  public List<Request> requests(String path) {
    return arrivals.requests(path);
  }

  /** Returns the user's session key; throws if the user has not logged in to this app. */
  public String sessionKeyOf(String appid, String user) {
    return users.sessionKey(appid, openidOf(appid, user)).orElseThrow();
  }

  /** Sets the user's session key, which a login with the word {@code keep-key} returns. */
  public void setSessionKey(String appid, String user, String sessionKey) {
    users.setSessionKey(appid, openidOf(appid, user), sessionKey);
  }

  /** Returns the openid of this user. */
  public String openidOf(String appid, String user) {
    return users.openid(appid, user);
  }

  /** Returns the names of the users whose openids were asked for or handed out, by openid. */
  public Map<String, String> users() {
    return users.names();
  }

  /** Returns the unionid of this user. */
  public String unionidOf(String user) {
    return users.unionid(user);
  }

  /**
   * Answers every further request for this path as the words say, until the next call of this
   * method. With {@code errcode=…} the call is not carried out. With other words it is carried out,
   * but the answer is late, broken or lost.
   *
   * @param path any path except that of code2Session, whose codes choose their answer
   * @param words as in a code, without a user: {@code status=500}; with {@code count=3} they are
   *     for the next three requests; empty for the usual answer
   * @throws IllegalArgumentException for code2Session's path, or if it is no path
   */
  public void provoke(String path, String words) {
    otherCalls.provoke(path, words);
  }

  /**
   * Starts or stops closing every connection without an answer. Burnt codes, keys and access tokens
   * are kept. Requests below {@code /simulator/} are still answered.
   */
  public void setDown(boolean isDown) {
    dispatch.setDown(isDown);
  }

  /** Sets the only observer. */
  public void show(Onlooker onlooker) {
    dispatch.show(onlooker);
  }

  /**
   * Sets the address of the service that gets events: those of {@code POST /simulator/push}, and
   * those that follow a payment. They go to {@code /push/{appid}}.
   */
  public void sendEventsTo(URI service) {
    push.sendTo(service);
  }

  /** Returns what builds the app's events, for a test that sends them itself. */
  public PushSender pushSender(String appid) {
    return push.sender(appid);
  }

  /** Replaces the app's secret, as the console does. Other secrets are refused. */
  public void resetSecret(String appid, String secret) {
    apps.resetSecret(appid, secret);
  }

  /** Returns the app's current access token; throws if the app has not requested a token. */
  public String accessTokenOf(String appid) {
    return accessTokens.current(appid).orElseThrow().text();
  }

  /**
   * Expires the app's current access token: calls with it get 42001, and the next request for a
   * token gets a new one. Throws if the app has not requested a token.
   */
  public void expireAccessToken(String appid) {
    accessTokens.expire(appid);
  }

  /**
   * Refuses calls with the app's current access token with 40001. Requests for a token still get
   * it; only a forced refresh gets a new one. Throws if the app has not requested a token.
   */
  public void rejectAccessToken(String appid) {
    accessTokens.refuse(appid);
  }

  /** Returns the phone number of this user, the same in every app: 11 digits. */
  public String phoneNumberOf(String user) {
    return users.phoneNumber(user);
  }

  /**
   * Returns the signed data of {@code wx.getUserInfo} with credentials. Throws, like {@link
   * #phoneNumberData} and {@link #openData}, if the user has not logged in to this app.
   */
  public OpenData userInfo(String appid, String user) {
    return mint.userInfo(appid, user, Duration.ZERO);
  }

  /** Returns the open data of the phone-number button. */
  public OpenData phoneNumberData(String appid, String user) {
    return mint.phoneNumber(appid, user, Duration.ZERO);
  }

  /**
   * Returns open data with this plaintext.
   *
   * @param plaintext used unchanged; the caller adds a watermark if it wants one
   */
  public OpenData openData(String appid, String user, String plaintext) {
    return mint.encrypt(appid, user, plaintext);
  }

  /** Closes all connections, including those that wait for an answer, and frees the port. */
  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
