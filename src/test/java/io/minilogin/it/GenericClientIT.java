package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.Stopped;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client that knows only the {@code action} of a problem never loops: for each operation and each
 * problem it reaches a success, or a problem that needs a human decision, within two steps.
 */
@Tag("long")
@Tag("jar")
class GenericClientIT {
  private static final int MAX_STEPS = 2;
  private static final String PHONE_NUMBER = "/wxa/business/getuserphonenumber";
  private static final String KEY_CHECK = "/wxa/checksession";
  private static final String KEY_RESET = "/wxa/resetusersessionkey";

  @RegisterExtension private static final Started started = new Started();
  private static Surroundings surroundings;
  private static Client client;

  @BeforeAll
  static void start() {
    surroundings = started.add(Surroundings.start());
    client = started.add(surroundings.service().start()).client();
  }

  /** The mini program of one user, with the values for its requests. */
  private static final class MiniProgram {
    private final String user = newUser();
    private String words = "";
    private String token = "";
    private String loginCode;
    private String phoneCode;
    private String openData;

    MiniProgram() {
      logIn();
      tap();
    }

    /** Calls wx.login, logs in, and restarts with new data of the client API. */
    void logIn() {
      loginCode = code();
      var login = client.login(loginCode);
      token = login.statusCode() == 200 ? login.path("access_token") : "";
      openData = surroundings.wechat().userInfo(APP.appid(), user).json();
    }

    /** Simulates a tap on the phone number button. */
    void tap() {
      phoneCode = code();
    }

    private String code() {
      return words.isEmpty() ? codeOf(user) : codeOf(user, words);
    }
  }

  private enum Operation {
    LOGIN(me -> client.login(me.loginCode)),
    SESSION(me -> client.session(me.token)),
    LOGOUT(me -> client.logout(me.token)),
    LOGOUT_EVERYWHERE(me -> client.logoutEverywhere(me.token)),
    OPEN_DATA(me -> client.openData(me.token, me.openData)),
    PHONE_NUMBER(me -> client.phoneNumber(me.token, me.phoneCode)),
    KEY_CHECK(me -> client.checkKey(me.token)),
    KEY_RESET(me -> client.resetKey(me.token));

    private final Function<MiniProgram, Response> call;

    Operation(Function<MiniProgram, Response> call) {
      this.call = call;
    }
  }

  /** The failure of the first call. */
  private interface Fault {
    Response during(MiniProgram me, Supplier<Response> call);
  }

  private record Row(Operation operation, String problem, String action, Fault fault) {
    @Override
    public String toString() {
      return operation + " | " + problem + " | " + action;
    }
  }

  static Stream<Row> failures() {
    return Stream.of(
            codes(Operation.LOGIN, "login"),
            codes(Operation.PHONE_NUMBER, "new-code"),
            wechat(Operation.KEY_CHECK, KEY_CHECK, "retry"),
            wechat(Operation.KEY_RESET, KEY_RESET, "login"),
            tokens(),
            openData(),
            store(),
            List.of(
                row(
                    Operation.KEY_RESET,
                    "session-key-stale",
                    "login",
                    reply(KEY_RESET, "errcode=87009"))))
        .flatMap(List::stream);
  }

  /** Returns the rows for WeChat's errors about a code in the request. */
  private static List<Row> codes(Operation operation, String action) {
    return List.of(
        row(operation, "code-invalid", action, code("errcode=40029")),
        row(operation, "code-used", action, code("errcode=40163")),
        row(operation, "user-blocked", "none", code("errcode=40226")),
        row(operation, "throttled", action, code("errcode=45011")),
        row(operation, "throttled", action, code("errcode=45009")),
        row(operation, "app-misconfigured", "none", code("errcode=40125")),
        row(operation, "wechat-busy", action, code("errcode=-1")),
        row(operation, "wechat-failed", action, code("close")),
        row(operation, "wechat-timeout", action, code("delay=8000")),
        row(operation, "internal", "none", code("errcode=41008")));
  }

  private static List<Row> tokens() {
    return Stream.of(Operation.values())
        .filter(operation -> operation != Operation.LOGIN)
        .flatMap(
            operation ->
                Stream.of(
                    row(operation, "token-missing", "login", token("")),
                    row(operation, "token-invalid", "login", token("mlt_" + "x".repeat(43))),
                    row(operation, "store-unavailable", "retry", storeOutage())))
        .toList();
  }

  private static List<Row> openData() {
    return List.of(
        row(Operation.OPEN_DATA, "session-key-stale", "login", loginsElsewhere()),
        row(Operation.OPEN_DATA, "open-data-rejected", "none", anotherAppsData()));
  }

  private static List<Row> store() {
    var problem = "store-unavailable";
    return List.of(
        row(Operation.LOGIN, problem, "retry", storeOutage()),
        row(Operation.LOGIN, problem, "login", storeOutageDuringLogin()),
        row(Operation.PHONE_NUMBER, problem, "new-code", storeOutageDuring(PHONE_NUMBER)),
        row(Operation.KEY_RESET, problem, "login", storeOutageDuring(KEY_RESET)));
  }

  private static List<Row> wechat(Operation operation, String path, String action) {
    return List.of(
        row(operation, "throttled", action, reply(path, "errcode=45009")),
        row(operation, "app-misconfigured", "none", reply(path, "errcode=40125")),
        row(operation, "wechat-busy", action, reply(path, "errcode=-1")),
        row(operation, "wechat-failed", action, reply(path, "close")),
        row(operation, "wechat-timeout", action, reply(path, "delay=8000")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void followingTheActionResolvesTheProblem(Row row) {
    var me = new MiniProgram();
    var answer = row.fault().during(me, () -> row.operation().call.apply(me));

    answer.then().spec(Problems.named(row.problem(), row.action()));

    var steps = 0;
    while (answer.statusCode() >= 400 && !answer.path("action").equals("none")) {
      steps++;
      assertThat(steps).as("steps").isLessThanOrEqualTo(MAX_STEPS);
      follow(me, answer.path("action"));
      answer = row.operation().call.apply(me);
    }
  }

  private static void follow(MiniProgram me, String action) {
    switch (action) {
      case "login" -> {
        me.logIn();
        // A client that starts again with a login uses a new code.
        me.loginCode = me.code();
      }
      case "new-code" -> me.tap();
      case "retry" -> {
        // Sends the same request. The failure is over, so the test does not wait for Retry-After.
      }
      default -> throw new AssertionError(action);
    }
  }

  private static Row row(Operation operation, String problem, String action, Fault fault) {
    return new Row(operation, problem, action, fault);
  }

  /** Puts a code with these words into the request. */
  private static Fault code(String words) {
    return (me, call) -> {
      me.words = words;
      me.loginCode = me.code();
      me.phoneCode = me.code();
      me.words = "";
      return call.get();
    };
  }

  private static Fault token(String token) {
    return (me, call) -> {
      me.loginCode = me.code();
      me.token = token;
      return call.get();
    };
  }

  private static Fault reply(String path, String words) {
    return (me, call) -> {
      surroundings.wechat().provoke(path, words);
      try {
        return call.get();
      } finally {
        surroundings.wechat().provoke(path, "");
      }
    };
  }

  private static Fault storeOutage() {
    return (me, call) -> {
      me.loginCode = me.code();
      try (var stopped = Stopped.redis(surroundings.redis())) {
        return call.get();
      }
    };
  }

  private static Fault storeOutageDuringLogin() {
    return (me, call) -> {
      me.loginCode = codeOf(me.user, "delay=1000");
      return withoutStoreOnce(call, () -> surroundings.wechat().callsWith(me.loginCode) == 1);
    };
  }

  /** A refused access token makes the call use the store again after the code was sent. */
  private static Fault storeOutageDuring(String path) {
    return (me, call) -> {
      var before = surroundings.wechat().requests(path).size();
      var words = path.equals(KEY_RESET) ? "delay=1000" : "errcode=40001.delay=1000";
      surroundings.wechat().provoke(path, words);
      try {
        return withoutStoreOnce(call, () -> surroundings.wechat().requests(path).size() > before);
      } finally {
        surroundings.wechat().provoke(path, "");
      }
    };
  }

  private static Response withoutStoreOnce(Supplier<Response> call, BooleanSupplier sent) {
    var answer = CompletableFuture.supplyAsync(call);
    await().until(sent::getAsBoolean);
    try (var stopped = Stopped.redis(surroundings.redis())) {
      return answer.join();
    }
  }

  /** Logs in twice, so that the previous key cannot decrypt the data either. */
  private static Fault loginsElsewhere() {
    return (me, call) -> {
      surroundings.loginPastTheService(codeOf(me.user));
      surroundings.loginPastTheService(codeOf(me.user));
      me.openData = surroundings.wechat().userInfo(APP.appid(), me.user).json();
      return call.get();
    };
  }

  private static Fault anotherAppsData() {
    return (me, call) -> {
      me.openData =
          surroundings
              .wechat()
              .openData(APP.appid(), me.user, "{\"watermark\":{\"appid\":\"wx0\",\"timestamp\":1}}")
              .json();
      return call.get();
    };
  }
}
