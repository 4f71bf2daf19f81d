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
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Answers on 127.0.0.1 as api.weixin.qq.com does, with its oddities: errors have status 200, the
 * JSON of a login is text/plain without a charset, and a code that was sent once is burnt whatever
 * came of it. Who logs in, and what goes wrong, is written in the code: {@code alice.1} is a login
 * of alice, {@code alice.delay=500.errcode=-1.2} one that fails after half a second. It is also the
 * client, whose API hands over encrypted data. {@code docs/simulator.md} has all the words.
 *
 * <p>Burnt codes, session keys and access tokens are forgotten with {@link #close()}. All methods
 * are safe to call from any thread but an event loop's.
 *
 * <p>There are so many because this is all that a test sees; the work is done behind it.
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
    static Call of(String uri) {
      var query = Query.decode(uri);
      return new Call(Query.first(query, "appid"), Query.first(query, "js_code"), query);
    }

    String first(String parameter) {
      return Query.first(query, parameter);
    }
  }

  /**
   * A request for anything but code2Session as it arrived, in whatever way it was answered.
   *
   * @param path undecoded
   * @param rawQuery undecoded; empty if missing
   * @param query decoded, each parameter with all its values
   * @param headers by their names in lower case, each with all its values
   * @param body as text; empty if there was none, or if it was refused unread, and where requests
   *     are remembered also if it has more than 64 KB
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

    /** The same without a large body, of which many would fill the memory. */
    Request toRemember() {
      return length <= REMEMBERED
          ? this
          : new Request(method, path, rawQuery, query, headers, "", length, sha256);
    }

    String first(String parameter) {
      return Query.first(query, parameter);
    }
  }

  /** Sees what goes on, on the simulator's event loop; not what is below {@code /simulator/}. */
  public interface Onlooker {
    Onlooker NOBODY =
        new Onlooker() {
          @Override
          public void asked(String call) {}

          @Override
          public void answered(String outcome, boolean isFailure) {}
        };

    /**
     * A call has arrived.
     *
     * @param call method and path, and the code if there is one
     */
    void asked(String call);

    /**
     * Its answer has left.
     *
     * @param outcome status and errcode, or that the connection was closed
     * @param isFailure whether the caller got nothing of use
     */
    void answered(String outcome, boolean isFailure);
  }

  private final Arrivals arrivals = new Arrivals();
  private final SimulatedApps apps;
  private final SimulatedUsers users = new SimulatedUsers();
  private final SimulatedAccessTokens accessTokens;
  private final OpenDataMint mint;
  private final SimulatedCalls otherCalls;
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
    otherCalls =
        new SimulatedCalls(
            accessTokens,
            replies,
            new SimulatedStableToken(apps, accessTokens, replies),
            new SimulatedPhoneNumbers(clock, users, profiles, replies),
            new SimulatedSessionKeyCalls(users, replies),
            new SimulatedClientApi(apps, profiles, mint),
            callsOfBackends(clock, replies),
            new SimulatedEcho());
    var code2Session = new SimulatedCode2Session(apps, clock, users, replies);
    dispatch = new SimulatedDispatch(arrivals, code2Session, otherCalls, new ReplyWriter(vertx));
    // HTTP/1.1 only: on a shared HTTP/2 connection a reset would hit other calls as well.
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(port);
    server =
        vertx
            .createHttpServer(options.setHttp2ClearTextEnabled(false))
            .requestHandler(dispatch::handle);
  }

  private Map<String, CallOfApp> callsOfBackends(Clock clock, SimulatedReplies replies) {
    var aboutCalls = new SimulatedCallsAboutCalls(arrivals, apps, accessTokens, clock, replies);
    return Map.of(
        "/wxa/msg_sec_check", new SimulatedContentCheck(replies)::answer,
        "/cgi-bin/message/subscribe/send", new SimulatedSubscribeMessages(replies)::send,
        "/wxa/getwxacodeunlimit", new SimulatedMiniCodes(replies)::answer,
        "/cgi-bin/media/upload", new SimulatedMediaUpload(clock, replies)::answer,
        "/cgi-bin/openapi/quota/get", aboutCalls::quota,
        "/cgi-bin/openapi/rid/get", aboutCalls::rid);
  }

  /** Starts on a free port. */
  public static WechatSimulator start(App... apps) {
    return start(Clock.systemUTC(), 0, apps);
  }

  /**
   * Starts on a port of the caller's choice, such as the one that a closed simulator had.
   *
   * @param clock decides whether access tokens, and codes that say when they were {@code issued=…},
   *     have expired, and dates watermarks
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
    return arrivals.calls();
  }

  /** How often this code arrived: more than once is never right. */
  public long callsWith(String code) {
    return arrivals.callsWith(code);
  }

  /** Every request so far for this path, code2Session's excepted, in the order of arrival. */
  public List<Request> requests(String path) {
    return arrivals.requests(path);
  }

  /** The user's valid session key; throws if the user has not logged in to this app. */
  public String sessionKeyOf(String appid, String user) {
    return users.sessionKey(appid, openidOf(appid, user)).orElseThrow();
  }

  /** What code2Session answers as this user's openid. */
  public String openidOf(String appid, String user) {
    return users.openid(appid, user);
  }

  /** What code2Session answers as this user's unionid. */
  public String unionidOf(String user) {
    return users.unionid(user);
  }

  /**
   * From now on every request for this path is answered as the words say, until they are others.
   * With {@code errcode=…} the call is not carried out; with other words it is, but its answer gets
   * late, broken or lost.
   *
   * @param path any but code2Session's, whose codes say what becomes of them
   * @param words as in a code, without a user: {@code status=500}; with {@code count=3} they are
   *     for the next three requests; empty for the usual answer
   * @throws IllegalArgumentException for code2Session's path, or if it is no path
   */
  public void provoke(String path, String words) {
    otherCalls.provoke(path, words);
  }

  /**
   * From now on every connection is closed without an answer, or no longer; burnt codes, keys and
   * access tokens stay known. What is below {@code /simulator/} is answered all the same.
   */
  public void setDown(boolean isDown) {
    dispatch.setDown(isDown);
  }

  /** From now on this one is told, and nobody else. */
  public void show(Onlooker onlooker) {
    dispatch.show(onlooker);
  }

  /** As the console does: from now on the app has this secret, and no other is taken. */
  public void resetSecret(String appid, String secret) {
    apps.resetSecret(appid, secret);
  }

  /** The app's current access token; throws if the app has not asked for one. */
  public String accessTokenOf(String appid) {
    return accessTokens.current(appid).orElseThrow().text();
  }

  /**
   * From now on the app's current access token counts as expired: calls with it get 42001, and
   * whoever asks for a token gets a new one. Throws if the app has not asked for one.
   */
  public void expireAccessToken(String appid) {
    accessTokens.expire(appid);
  }

  /**
   * From now on calls with the app's current access token get 40001, while whoever asks for a token
   * still gets this one, and another only by a forced refresh. Throws if the app has not asked for
   * one.
   */
  public void rejectAccessToken(String appid) {
    accessTokens.refuse(appid);
  }

  /** What a phone code of this user gets, in every app: 11 digits. */
  public String phoneNumberOf(String user) {
    return users.phoneNumber(user);
  }

  /**
   * What {@code wx.getUserInfo} with credentials hands over, signed. Throws, as {@link
   * #phoneNumberData} and {@link #openData} do, if the user has not logged in to this app.
   */
  public OpenData userInfo(String appid, String user) {
    return mint.userInfo(appid, user, Duration.ZERO);
  }

  /** What the phone-number button hands over besides its code. */
  public OpenData phoneNumberData(String appid, String user) {
    return mint.phoneNumber(appid, user, Duration.ZERO);
  }

  /**
   * What the client API would hand over if this were the plaintext.
   *
   * @param plaintext taken as it is: a watermark is the caller's business
   */
  public OpenData openData(String appid, String user, String plaintext) {
    return mint.encrypt(appid, user, plaintext);
  }

  /** Ends all connections, also those that still wait for an answer, and frees the port. */
  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
