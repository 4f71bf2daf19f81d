package io.minilogin.it.client;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.it.Surroundings;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * A mini program on the phone of a new user: one JavaScript thread with {@code wx} and {@code
 * client}.
 */
public final class MiniProgram implements AutoCloseable {
  static final Path FILE = Path.of("client", "miniprogram", "index.js");

  /**
   * The engine of all mini programs, which parses the source once. It is created when the first
   * mini program starts.
   */
  private static final class Shared {
    private static final Engine ENGINE =
        Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The APIs of WeChat's client, implemented with the functions of the host. */
  private static final String WX =
      """
      const setTimeout = (work, millis) => host.later(millis || 0, work)
      const wx = {
        login: ({ success }) => setTimeout(() => success({ code: host.code(), errMsg: 'login:ok' })),
        request({ url, method = 'GET', data, header, success, fail }) {
          const body = data === undefined ? '' : JSON.stringify(data)
          const task = host.send(method, url, JSON.stringify(header || {}), body, (status, names, text) => {
            if (!status) return fail({ errMsg: 'request:fail ' + text })
            let data = text
            try { data = JSON.parse(text) } catch (e) { /* It stays text. */ }
            success({ statusCode: status, data, header: JSON.parse(names), errMsg: 'request:ok' })
          })
          return { abort: () => host.abort(task) }
        },
        getStorageSync: (key) => JSON.parse(host.stored(key)),
        setStorageSync: (key, value) => host.store(key, JSON.stringify(value)),
        removeStorageSync: (key) => host.store(key, '""'),
        getAccountInfoSync: () => ({ miniProgram: { appId: host.appid() } }),
      }
      """;

  /** Returns the fields of an error, some of which JSON would omit. */
  private static final String OUTCOME =
      """
      const outcome = (work, end) => work().then(
        (value) => end(true, JSON.stringify(value === undefined ? null : value)),
        (error) => end(false, JSON.stringify(Object.assign({
          message: String(error.message),
          known: error instanceof MiniLoginError,
        }, error))))
      """;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final URI service;
  private final String user;
  private final Map<String, String> storage;
  private final Deque<String> words = new ConcurrentLinkedDeque<>();
  private final List<String> codes = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final Context context;

  private MiniProgram(URI service, String user, Map<String, String> storage) {
    this.service = service;
    this.user = user;
    this.storage = storage;
    context = onItsThread(this::start);
  }

  /** Returns a mini program on the phone of a new user. */
  static MiniProgram of(URI service) {
    return new MiniProgram(service, newUser(), new ConcurrentHashMap<>());
  }

  /** Returns a new start of the mini program on the same phone. */
  MiniProgram again() {
    return new MiniProgram(service, user, storage);
  }

  /** Returns an engine limited to the language version that mini programs may use. */
  private static Context engine() {
    return Context.newBuilder("js")
        .engine(Shared.ENGINE)
        .allowHostAccess(HostAccess.ALL)
        .allowExperimentalOptions(true)
        .option("js.ecmascript-version", "2017")
        .build();
  }

  static String source() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Context start() {
    var engine = engine();
    engine.getBindings("js").putMember("host", new Host());
    engine.eval("js", WX);
    engine.eval("js", "const module = {};(function () {\n" + source() + "\n})()");
    engine.eval("js", "const { createClient, MiniLoginError } = module.exports\n" + OUTCOME);
    engine.eval("js", "const client = createClient({ baseUrl: '" + service + "' })");
    return engine;
  }

  /** Adds these words to the next codes, one word to each code. */
  void nextCodes(String... each) {
    words.addAll(List.of(each));
  }

  /** Runs the body of an async function and returns its result. */
  JsonPath resolved(String body) {
    return outcome(body).value(true);
  }

  /** Runs the body of an async function and returns its error, which the client has thrown. */
  JsonPath rejected(String body) {
    var error = outcome(body).value(false);
    assertThat(error.getBoolean("known")).as(error.getString("message")).isTrue();
    return error;
  }

  private Outcome outcome(String body) {
    var end = new CompletableFuture<Outcome>();
    thread.execute(
        () -> {
          try {
            var work = context.eval("js", "(async () => {\n" + body + "\n})");
            context.eval("js", "outcome").executeVoid(work, ended(end));
          } catch (RuntimeException e) {
            end.completeExceptionally(e);
          }
        });
    return end.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static ProxyExecutable ended(CompletableFuture<Outcome> end) {
    return told -> end.complete(new Outcome(told[0].asBoolean(), told[1].asString()));
  }

  /** The result of a script. */
  private record Outcome(boolean resolved, String json) {
    JsonPath value(boolean expected) {
      assertThat(resolved).as(json).isEqualTo(expected);
      return new JsonPath("{\"value\":" + json + "}").setRootPath("value");
    }
  }

  String user() {
    return user;
  }

  /** Returns the number of codes that wx.login has returned since the start. */
  int logins() {
    return codes.size();
  }

  /** Returns method and path of the requests since the start. */
  List<String> requests() {
    return requests;
  }

  int mostUnderWay() {
    return mostUnderWay.get();
  }

  @Override
  public void close() {
    onItsThread(
        () -> {
          context.close(true);
          return context;
        });
    thread.shutdownNow();
  }

  private Context onItsThread(Callable<Context> work) {
    try {
      return thread.submit(work).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The functions that the JavaScript above calls. */
  public final class Host {
    public String code() {
      var next = words.poll();
      var code = next == null ? codeOf(user) : codeOf(user, next);
      codes.add(code);
      return code;
    }

    public String appid() {
      return Surroundings.APP.appid();
    }

    public String stored(String key) {
      return storage.getOrDefault(key, "\"\"");
    }

    public void store(String key, String value) {
      storage.put(key, value);
    }

    public void later(double millis, Value work) {
      Runnable run = work::executeVoid;
      thread.schedule(run, (long) Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    public Object send(String method, String url, String header, String body, Value callback) {
      var uri = URI.create(url);
      requests.add(method + " " + uri.getPath());
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      var request =
          HttpRequest.newBuilder(uri)
              .method(method, BodyPublishers.ofString(body))
              .header("Content-Type", "application/json");
      new JsonPath(header).<String, String>getMap("").forEach(request::header);
      var answer = HTTP.sendAsync(request.build(), BodyHandlers.ofString());
      answer.whenComplete((a, failure) -> thread.execute(() -> answered(callback, a, failure)));
      return answer;
    }

    private void answered(Value callback, HttpResponse<String> answer, Throwable failure) {
      underWay.decrementAndGet();
      if (failure != null) {
        callback.executeVoid(0, "{}", failure.toString());
      } else {
        callback.executeVoid(answer.statusCode(), headers(answer), answer.body());
      }
    }

    private static String headers(HttpResponse<String> answer) {
      var headers =
          answer.headers().map().entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().get(0)));
      try {
        return JSON.writeValueAsString(headers);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }

    public void abort(CompletableFuture<?> answer) {
      answer.cancel(true);
    }
  }
}
